#pragma once

#include <ATen/core/Tensor.h>
#include <torch/nn/module.h>

#include <memory>
#include <string>
#include <vector>

namespace model {

/// A layer with `weight` and, where it has one, `bias` (zero at first). LibTorch's own layers draw
/// their weights from the shared generator; these draw from a key.
class WeightedLayer : public torch::nn::Module {
 public:
  /// Fills the weights with normal deviates of the layer's standard deviation.
  void draw_weights(uint64_t key);

  const at::Tensor& bias() const { return bias_; }

 protected:
  WeightedLayer(at::IntArrayRef weight_shape, int64_t num_biases, double weight_std);

  at::Tensor weight_, bias_;

 private:
  double weight_std_;
};

/// What a convolution does to height and width.
enum class Resize {
  none,   ///< 3x3, padded with zeros
  half,   ///< 2x2, stride 2
  twice,  ///< 2x2 transposed, stride 2
};

class Convolution : public WeightedLayer {
 public:
  /// Weights start with the variance `gain`^2 / fan-in, so that gain 1 keeps the variance of what
  /// it is given and sqrt(2) keeps it through a following ReLU (He et al., 2015, arXiv 1502.01852).
  Convolution(int64_t in, int64_t out, Resize resize, bool bias, double gain);
  at::Tensor forward(const at::Tensor& x) const;

 private:
  Resize resize_;
};

class Linear : public WeightedLayer {
 public:
  Linear(int64_t in, int64_t out, double gain);
  at::Tensor forward(const at::Tensor& x) const;
};

/// x + conv2(relu(conv1(x))), after the blocks of EDSR (Lim et al., 2017, arXiv 1707.02921). No
/// normalisation: it would make a pixel depend on the crop that it is seen in.
class ResidualBlock : public torch::nn::Module {
 public:
  explicit ResidualBlock(int64_t width);
  at::Tensor forward(const at::Tensor& x) const;

 private:
  std::shared_ptr<Convolution> conv1_, conv2_;
};

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

/// `count` residual blocks, one after the other.
class ResidualBlocks : public ModuleRow<ResidualBlock> {
 public:
  ResidualBlocks(int64_t width, int64_t count);
  at::Tensor forward(at::Tensor x) const;
};

/// Scales and shifts each channel by what its mean and deviation over the whole picture say: fading
/// changes every pixel alike, and no pixel's surroundings show how much. The identity at first.
class GlobalContext : public torch::nn::Module {
 public:
  explicit GlobalContext(int64_t width);
  at::Tensor forward(const at::Tensor& x) const;

 private:
  int64_t width_;
  std::shared_ptr<Linear> hidden_, out_;
};

}  // namespace model
