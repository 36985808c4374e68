#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "model/convolution.h"

namespace model {

/// Modules of one type, registered as "0", "1", ... like PyTorch's ModuleList.
template <class T>
class ModuleRow : public torch::nn::Module {
 public:
  template <class... Args>
  void add(Args&&... args) {
    items_.push_back(register_module(std::to_string(items_.size()),
                                     std::make_shared<T>(std::forward<Args>(args)...)));
  }
  const T& operator[](size_t i) const { return *items_[i]; }
  auto begin() const { return items_.begin(); }
  auto end() const { return items_.end(); }

 private:
  std::vector<std::shared_ptr<T>> items_;
};

}  // namespace model
