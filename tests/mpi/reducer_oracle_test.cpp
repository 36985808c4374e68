// An oracle: PyTorch DDP's own reducer, over the same MPI, must come to the gradients of our
// buckets.
#include <gtest/gtest.h>

#include <torch/csrc/distributed/c10d/Backend.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroup.hpp>
#include <torch/csrc/distributed/c10d/reducer.hpp>

#include "comm/gradient_buckets.h"
#include "device/torch.h"
#include "tests/mpi/mpi_job.h"

namespace {

/// What the reducer needs of a process group: sums over the workers of the job.
class MpiBackend : public c10d::Backend {
 public:
  explicit MpiBackend(comm::Group& group) : Backend(group.rank(), group.size()), group_(group) {}

  c10::intrusive_ptr<c10d::Work> allreduce(std::vector<at::Tensor>& tensors,
                                           const c10d::AllreduceOptions&) override {
    for (at::Tensor& tensor : tensors) group_.all_reduce_sum(tensor);
    auto done =
        c10::make_intrusive<c10::ivalue::Future>(c10::ListType::create(c10::TensorType::get()));
    done->markCompleted(c10::IValue(tensors));
    return c10d::Work::create_from_future(done);
  }

 private:
  comm::Group& group_;
};

c10::intrusive_ptr<c10d::ProcessGroup> process_group(comm::Group& group) {
  auto processes = c10::make_intrusive<c10d::ProcessGroup>(group.rank(), group.size());
  processes->setBackend(c10::DeviceType::CPU, c10d::ProcessGroup::BackendType::CUSTOM,
                        c10::make_intrusive<MpiBackend>(group));
  processes->setDefaultBackend(c10d::ProcessGroup::BackendType::CUSTOM);
  return processes;
}

struct Parameters {
  at::Tensor a = at::ones({3, 2}).requires_grad_(), b = at::ones({5}).requires_grad_(),
             c = at::ones({4}).requires_grad_();

  /// Gradients are small whole numbers of this worker and micro-batch: all sums are exact.
  at::Tensor loss(int64_t rank, int64_t micro_batch) const {
    const auto factor = static_cast<double>(1 + 2 * rank + 16 * micro_batch);
    return factor * ((a * at::arange(6).view({3, 2})).sum() + (b * at::arange(5)).sum() * 2 +
                     (c * at::arange(4)).sum() * 3);
  }
};

TEST(GradientBuckets, ComeToTheGradientsOfTheReducerOfDistributedDataParallel) {
  const Parameters ours, theirs;
  comm::Group& group = mpi_job();

  comm::GradientBuckets buckets(group, {{"a", ours.a}, {"b", ours.b}, {"c", ours.c}},
                                comm::Reduction::fast, /*first_bucket_bytes=*/16,
                                /*bucket_bytes=*/20);
  ASSERT_EQ(buckets.num_buckets(), 3U);
  c10d::Reducer reducer({theirs.a, theirs.b, theirs.c}, {{2}, {1}, {0}}, process_group(group),
                        {false, false, false}, /*bucket_bytes_cap=*/20,
                        /*find_unused_parameters=*/false, /*gradient_as_bucket_view=*/true, {},
                        /*first_bucket_bytes_cap=*/16, /*skip_all_reduce_unused_params=*/false,
                        /*use_python_reducer=*/false, {});
  for (int64_t micro_batch = 0; micro_batch < 3; ++micro_batch) {  // it rebuilds its buckets once
    buckets.zero();
    buckets.begin_micro_batch(/*last=*/true);
    ours.loss(group.rank(), micro_batch).backward();
    buckets.end_micro_batch();
    buckets.all_reduce_mean(group.size());

    for (const at::Tensor& parameter : {theirs.a, theirs.b, theirs.c}) {
      if (parameter.grad().defined()) parameter.mutable_grad().zero_();
    }
    const at::Tensor loss = theirs.loss(group.rank(), micro_batch);
    reducer.prepare_for_backward({loss});
    loss.backward();

    EXPECT_TRUE(at::equal(ours.a.grad(), theirs.a.grad()));
    EXPECT_TRUE(at::equal(ours.b.grad(), theirs.b.grad()));
    EXPECT_TRUE(at::equal(ours.c.grad(), theirs.c.grad()));
    // The mean of 1, 3, 5, ... over N workers is N.
    const auto factor = static_cast<float>(group.size() + 16 * micro_batch);
    EXPECT_TRUE(at::equal(ours.b.grad(), at::arange(5) * (2 * factor)));
  }
}

}  // namespace
