#include "eval/eval_methods.h"

#include "common/error.h"
#include "eval/eval_colour.h"

namespace eval {
namespace {

using Kind = EvalTask::Kind;

Answer untouched(const EvalTask& task, const Sample& sample) {
  if (task.kind != Kind::colour) return {kAgedMethod, sample.aged, {}, {}};
  const imaging::Plane no_chroma(sample.aged.height, sample.aged.width);
  return {kGrayMethod, sample.aged, restore::Chroma{no_chroma, no_chroma}, {}};
}

Answer coloured_by(const restore::Restorer& colouriser, const imaging::Plane& luma) {
  restore::Restored coloured = colouriser.restore(luma);
  if (coloured.chroma) return {kTwoStageMethod, luma, std::move(coloured.chroma), {}};
  throw common::Error(common::ErrorKind::usage,
                      "--colour-model: this network does not colour; name a model file that was "
                      "trained with network.name: colour");
}

Answer of_peer(const Peer& peer, const EvalTask& task, const std::string& file_name,
               const Sample& sample) {
  const imaging::Photo picture = peer.read(task, file_name, sample);
  Answer answer{peer.name, luma_plane(picture), {}, {}};
  if (task.kind == Kind::colour) answer.chroma = chroma_planes(picture);
  return answer;
}

}  // namespace

std::vector<Answer> answers_to(const EvalTask& task, const Sample& sample,
                               const std::string& file_name, const EvalMethods& methods) {
  std::vector<Answer> answers{untouched(task, sample)};
  if (methods.restorer != nullptr) {
    restore::Restored told_nothing = methods.restorer->restore(sample.aged);
    answers.push_back({kModelMethod, told_nothing.luma, std::move(told_nothing.chroma),
                       std::move(told_nothing.damage)});
    if (methods.colouriser != nullptr && task.takes_two_stages()) {
      answers.push_back(coloured_by(*methods.colouriser, told_nothing.luma));
    }
  }
  if (methods.restorer != nullptr && task.kind == Kind::inpainting) {
    restore::Restored told_mask = methods.restorer->restore(sample.aged, &*sample.damage);
    answers.push_back({kModelWithMaskMethod, std::move(told_mask.luma), {}, {}});
  }
  for (const Peer& peer : methods.peers) {
    if (peer.does(task)) answers.push_back(of_peer(peer, task, file_name, sample));
  }
  return answers;
}

}  // namespace eval
