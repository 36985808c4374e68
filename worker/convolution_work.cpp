#include "worker/convolution_work.h"

#include <memory>
#include <string_view>

#include "device/torch.h"

namespace worker {
namespace {

/// Not a parameter, because the callbacks of LibTorch are plain functions.
thread_local double counted_flops = 0;

/// aten::convolution(input, weight, bias, stride, padding, dilation, transposed, ...) -> output
enum Argument : size_t { kInput = 0, kWeight = 1, kTransposed = 6 };

/// What to remember of a convolution: when it ends, its inputs can no longer be asked for.
struct Begun : at::ObserverContext {
  double flops_per_pixel = 0;
  int64_t input_pixels = 0;
  bool transposed = false;
};

int64_t num_pixels(const at::Tensor& tensor) {
  return tensor.size(0) * tensor.size(2) * tensor.size(3);
}

std::unique_ptr<at::ObserverContext> begin_convolution(const at::RecordFunction& function) {
  if (std::string_view(function.name()) != "aten::convolution") return nullptr;
  const auto inputs = function.inputs();
  const at::Tensor input = inputs[kInput].toTensor(), weight = inputs[kWeight].toTensor();
  const int passes = 1 + (input.requires_grad() ? 1 : 0) + (weight.requires_grad() ? 1 : 0);
  auto begun = std::make_unique<Begun>();
  begun->flops_per_pixel = 2.0 * passes * static_cast<double>(weight.numel());
  begun->input_pixels = num_pixels(input);
  begun->transposed = inputs[kTransposed].toBool();
  return begun;
}

void end_convolution(const at::RecordFunction& function, at::ObserverContext* context) {
  if (context == nullptr) return;
  const auto& begun = static_cast<const Begun&>(*context);
  // Every weight meets every pixel of the output once; of a transposed one, every pixel of the
  // input.
  const int64_t pixels =
      begun.transposed ? begun.input_pixels : num_pixels(function.outputs().at(0).toTensor());
  counted_flops += begun.flops_per_pixel * static_cast<double>(pixels);
}

/// Counts the convolutions of this thread for the life of the object.
class CountingConvolutions {
 public:
  CountingConvolutions()
      : handle_(at::addThreadLocalCallback(
            at::RecordFunctionCallback(&begin_convolution, &end_convolution)
                .needsInputs(true)
                .needsOutputs(true)
                .scopes({at::RecordScope::FUNCTION}))) {
    counted_flops = 0;
  }
  ~CountingConvolutions() { at::removeCallback(handle_); }
  CountingConvolutions(const CountingConvolutions&) = delete;
  CountingConvolutions& operator=(const CountingConvolutions&) = delete;
  double flops() const { return counted_flops; }

 private:
  at::CallbackHandle handle_;
};

}  // namespace

double convolution_flops(model::Network& network, int64_t side) {
  const CountingConvolutions counting;
  network.forward(at::zeros({1, 1, side, side}, network.device()));
  return counting.flops();
}

}  // namespace worker
