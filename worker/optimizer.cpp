#include "worker/optimizer.h"

#include "common/error.h"
#include "device/torch.h"

namespace worker {
namespace {

void require(bool holds, const std::string& message) {
  if (!holds) throw common::config_error(message);
}

}  // namespace

void OptimizerConfig::validate() const {
  require(learning_rate > 0, "optimizer.learning_rate must be above 0");
  require(beta1 >= 0 && beta1 < 1, "optimizer.beta1 must be in [0, 1)");
  require(beta2 >= 0 && beta2 < 1, "optimizer.beta2 must be in [0, 1)");
  require(epsilon > 0, "optimizer.epsilon must be above 0");
  require(weight_decay >= 0, "optimizer.weight_decay must not be negative");
  require(max_grad_norm >= 0, "optimizer.max_grad_norm must not be negative");
  require(ema_decay >= 0 && ema_decay < 1, "optimizer.ema_decay must be in [0, 1)");
  require(max_skipped >= 0, "optimizer.max_skipped must not be negative");
}

AdamW::AdamW(const OptimizerConfig& config, const std::vector<device::NamedTensor>& parameters)
    : config_(config) {
  decayed_.weight_decay = config.weight_decay;
  if (parameters.empty()) return;
  num_updates_on_device_ = at::zeros({}, parameters.front().tensor.options().requires_grad(false));
  for (const auto& [name, parameter] : parameters) {
    Lists& lists = parameter.dim() >= 2 ? decayed_ : plain_;
    const at::Tensor values = parameter.detach();  // the same memory, outside autograd
    first_.push_back({name, at::zeros_like(values)});
    second_.push_back({name, at::zeros_like(values)});
    lists.parameters.push_back(values);
    lists.gradients.push_back(parameter.grad());
    lists.first.push_back(first_.back().tensor);
    lists.second.push_back(second_.back().tensor);
    lists.steps.push_back(num_updates_on_device_);
  }
}

void AdamW::step(double learning_rate) {
  const at::NoGradGuard no_grad;
  set_num_updates(num_updates_ + 1);
  for (Lists* lists : {&decayed_, &plain_}) {
    if (lists->parameters.empty()) continue;
    at::_fused_adamw_(lists->parameters, lists->gradients, lists->first, lists->second,
                      /*max_exp_avg_sqs=*/{}, lists->steps, learning_rate, config_.beta1,
                      config_.beta2, lists->weight_decay, config_.epsilon, /*amsgrad=*/false,
                      /*maximize=*/false);
  }
}

void AdamW::set_num_updates(int64_t count) {
  num_updates_ = count;
  if (num_updates_on_device_.defined()) num_updates_on_device_.fill_(static_cast<double>(count));
}

double clip_factor(double norm, double max_norm) {
  return max_norm > 0 && norm > max_norm ? max_norm / norm : 1;
}

}  // namespace worker
