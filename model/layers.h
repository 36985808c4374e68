// What the networks are built of, above convolution.h.
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

/// x + conv2(relu(conv1(x))), after the blocks of EDSR (Lim et al., 2017, arXiv 1707.02921). No
/// normalisation: it would make a pixel depend on the crop that it is seen in.
class ResidualBlock : public torch::nn::Module {
 public:
  explicit ResidualBlock(int64_t width, int64_t dilation = 1);
  at::Tensor forward(const at::Tensor& x) const;
  const std::shared_ptr<Convolution>& conv1() const { return conv1_; }
  const std::shared_ptr<Convolution>& conv2() const { return conv2_; }

 private:
  std::shared_ptr<Convolution> conv1_, conv2_;
};

/// Residual blocks one after the other, one for each of `dilations`.
class ResidualBlocks : public ModuleRow<ResidualBlock> {
 public:
  ResidualBlocks(int64_t width, const std::vector<int64_t>& dilations);
  at::Tensor forward(at::Tensor x) const;
};

/// Scales and shifts each channel by what the means and deviations in a window around the pixel
/// say: fading changes every pixel alike, and no pixel's near surroundings show how much. The
/// window, not the picture: it is about as large as a training crop, so that whole pictures are
/// seen as the crops were, and tiles as the whole. The identity at first.
class WindowContext : public torch::nn::Module {
 public:
  static constexpr int64_t kWindow = 17;  ///< side in pixels of what it is given, cut at the border

  explicit WindowContext(int64_t width);
  at::Tensor forward(const at::Tensor& x) const;

 private:
  int64_t width_;
  std::shared_ptr<Convolution> hidden_, out_;
};

}  // namespace model
