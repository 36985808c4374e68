#include "worker/precision.h"

#include "common/error.h"
#include "device/torch.h"
#include "model/precision.h"

namespace worker {
namespace {

/// Autocast to bfloat16 in this thread for the life of the object.
class Bf16Autocast {
 public:
  explicit Bf16Autocast(at::DeviceType device)
      : device_(device),
        was_enabled_(at::autocast::is_autocast_enabled(device)),
        earlier_dtype_(at::autocast::get_autocast_dtype(device)) {
    at::autocast::set_autocast_enabled(device_, true);
    at::autocast::set_autocast_dtype(device_, at::kBFloat16);
  }
  ~Bf16Autocast() {
    // The cache keeps weights as bfloat16; the next step's weights are others.
    at::autocast::clear_cache();
    at::autocast::set_autocast_enabled(device_, was_enabled_);
    at::autocast::set_autocast_dtype(device_, earlier_dtype_);
  }
  Bf16Autocast(const Bf16Autocast&) = delete;
  Bf16Autocast& operator=(const Bf16Autocast&) = delete;

 private:
  at::DeviceType device_;
  bool was_enabled_;
  at::ScalarType earlier_dtype_;
};

at::Tensor as_float(const at::Tensor& x) { return x.defined() ? x.to(at::kFloat) : x; }

}  // namespace

void require_precision(const std::string& precision, at::Device device) {
  if (precision == "fp32" || !device.is_cpu()) return;
  if (precision == "tf32") {
    throw common::Error(common::ErrorKind::config,
                        "run.precision is tf32, which GPUs compute in, but run.device is the CPU; "
                        "use fp32");
  }
  if (model::processor_has_bf16()) return;
  throw common::Error(common::ErrorKind::config,
                      "run.precision is bf16, but this processor does not multiply bf16 "
                      "(AVX512_BF16): it would take many times as long as fp32; use fp32");
}

model::Restoration forward_in(const std::string& precision, model::Network& network,
                              const at::Tensor& aged, const at::Tensor& known_damage) {
  if (precision != "bf16") return network.forward(aged, known_damage);
  const Bf16Autocast autocast(aged.device().type());
  const auto [luma, damage_logits, chroma, colour_logits, denoised, filled] =
      network.forward(aged, known_damage);
  return {as_float(luma),          as_float(damage_logits), as_float(chroma),
          as_float(colour_logits), as_float(denoised),      as_float(filled)};
}

}  // namespace worker
