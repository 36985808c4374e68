#include "model/ab_bins.h"

#include <algorithm>
#include <sstream>
#include <vector>

#include "common/error.h"
#include "device/torch.h"
#include "model/colour.h"

namespace model {
namespace {

struct Point {
  double a, b;
};

// Points an edge of the RGB cube: 5 already give the 313 bins, the rest is margin.
constexpr int64_t kEdgePoints = 65;
// Grid steps to each side of 0 in which centres are looked for.
constexpr int64_t kGridReach = 13;

/// The twelve edges of the RGB cube, [1,3,12,kEdgePoints]; the hull of the gamut is that of these.
at::Tensor cube_edges() {
  at::Tensor edges = at::empty({1, 3, 12, kEdgePoints}, at::kDouble);
  auto rgb = edges.accessor<double, 4>();
  for (int64_t edge = 0; edge < 12; ++edge) {
    const int64_t along = edge / 4, second = (along + 1) % 3, third = (along + 2) % 3;
    for (int64_t i = 0; i < kEdgePoints; ++i) {
      rgb[0][along][edge][i] = static_cast<double>(i) / static_cast<double>(kEdgePoints - 1);
      rgb[0][second][edge][i] = static_cast<double>(edge % 2);
      rgb[0][third][edge][i] = static_cast<double>(edge / 2 % 2);
    }
  }
  return edges;
}

/// Above 0 if the way from `from` over `over` to `to` turns left.
double turn(const Point& from, const Point& over, const Point& to) {
  return (over.a - from.a) * (to.b - from.b) - (over.b - from.b) * (to.a - from.a);
}

/// Counter-clockwise. Source: Andrew, 1979 (monotone chain).
std::vector<Point> convex_hull(std::vector<Point> points) {
  std::sort(points.begin(), points.end(), [](const Point& left, const Point& right) {
    return left.a < right.a || (left.a == right.a && left.b < right.b);
  });
  std::vector<Point> hull;
  const auto add_chain = [&hull](auto begin, auto end) {
    const size_t start = hull.size();
    for (auto point = begin; point != end; ++point) {
      while (hull.size() >= start + 2 && turn(hull.end()[-2], hull.back(), *point) <= 0) {
        hull.pop_back();
      }
      hull.push_back(*point);
    }
    hull.pop_back();  // the next chain begins with it
  };
  add_chain(points.begin(), points.end());
  add_chain(points.rbegin(), points.rend());
  return hull;
}

bool is_inside(const Point& point, const std::vector<Point>& hull) {
  for (size_t i = 0; i < hull.size(); ++i) {
    if (turn(hull[i], hull[(i + 1) % hull.size()], point) <= 0) return false;
  }
  return true;
}

/// The points less than a bin from the gamut's hull in a and in b: the hull of the gamut's points
/// moved by a bin to each of the four corners.
std::vector<Point> widened_gamut() {
  const at::Tensor lab = lab_of(cube_edges()).contiguous();
  const auto values = lab.accessor<double, 4>();
  std::vector<Point> points;
  for (int64_t edge = 0; edge < 12; ++edge) {
    for (int64_t i = 0; i < kEdgePoints; ++i) {
      const double a = values[0][1][edge][i], b = values[0][2][edge][i];
      for (const double da : {-kBinSize, kBinSize}) {
        for (const double db : {-kBinSize, kBinSize}) points.push_back({a + da, b + db});
      }
    }
  }
  return convex_hull(std::move(points));
}

/// Squared distance of each pixel to each bin, [N,H,W,Q]. From differences: |x|^2 - 2 x.y + |y|^2
/// would lose all digits of small distances.
at::Tensor squared_distances(const at::Tensor& ab, const at::Tensor& bins) {
  if (ab.dim() != 4 || ab.size(1) != 2 || bins.dim() != 2 || bins.size(1) != 2) {
    std::ostringstream message;
    message << "expected ab [N,2,H,W] and bins [Q,2], got " << ab.sizes() << " and "
            << bins.sizes();
    throw common::internal_error(message.str());
  }
  const at::Tensor da = ab.select(1, 0).unsqueeze(-1) - bins.select(1, 0);
  const at::Tensor db = ab.select(1, 1).unsqueeze(-1) - bins.select(1, 1);
  return da.square() + db.square();
}

}  // namespace

at::Tensor in_gamut_ab_bins() {
  const std::vector<Point> gamut = widened_gamut();
  std::vector<Point> centres;
  for (int64_t i = -kGridReach; i <= kGridReach; ++i) {
    for (int64_t j = -kGridReach; j <= kGridReach; ++j) {
      const Point centre{kBinSize * static_cast<double>(i), kBinSize * static_cast<double>(j)};
      if (is_inside(centre, gamut)) centres.push_back(centre);
    }
  }
  at::Tensor bins = at::empty({static_cast<int64_t>(centres.size()), 2}, at::kFloat);
  auto* out = bins.mutable_data_ptr<float>();
  for (const Point& centre : centres) {
    *out++ = static_cast<float>(centre.a);
    *out++ = static_cast<float>(centre.b);
  }
  return bins;
}

at::Tensor nearest_bin(const at::Tensor& ab, const at::Tensor& bins) {
  return squared_distances(ab, bins).argmin(-1);
}

at::Tensor soft_encoding(const at::Tensor& ab, const at::Tensor& bins) {
  const at::Tensor distances = squared_distances(ab, bins);
  if (distances.size(-1) < kEncodingNeighbours) {
    throw common::internal_error("soft_encoding needs 5 bins or more, got " +
                                 std::to_string(distances.size(-1)));
  }
  const auto [nearest, which] = at::topk(distances, kEncodingNeighbours, -1, /*largest=*/false);
  const at::Tensor weights = at::softmax(nearest / (-2 * kEncodingSigma * kEncodingSigma), -1);
  return at::zeros(distances.sizes(), distances.options())
      .scatter(-1, which, weights)
      .permute({0, 3, 1, 2})
      .contiguous();
}

at::Tensor annealed_mean(const at::Tensor& logits, const at::Tensor& bins, double temperature) {
  return at::einsum("nqhw,qc->nchw", {at::softmax(logits / temperature, 1), bins});
}

}  // namespace model
