#include "worker/peer_beats.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using common::Heartbeat;
using testing::HasSubstr;
using worker::PeerBeats;

Heartbeat worker_at(int rank, int64_t sequence, int64_t beat = 1) {
  Heartbeat heartbeat;
  heartbeat.rank = rank;
  heartbeat.num_workers = 3;
  heartbeat.host = "node" + std::to_string(rank);
  heartbeat.pid = 4000 + rank;
  heartbeat.phase = "step";
  heartbeat.step = 12;
  heartbeat.sequence = sequence;
  heartbeat.beat = beat;
  return heartbeat;
}

TEST(PeerBeats, TellWhoseBeatHasStopped) {
  const Heartbeat self = worker_at(0, 9);
  PeerBeats beats;
  for (int second = 0; second <= 3; ++second) {
    beats.see(self, {self, worker_at(1, 9, 5), worker_at(2, 8, 10 + second)}, 100 + second);
    EXPECT_EQ(beats.can_tell(100 + second), second == 3);
  }
  const auto peers = beats.peers(103);
  ASSERT_EQ(peers.size(), 2U);
  EXPECT_EQ(peers[0].beats_stopped_s, 3);
  EXPECT_EQ(peers[1].beats_stopped_s, 0);
  const std::string sentence = worker::who_is_behind(self, peers);
  EXPECT_THAT(sentence,
              HasSubstr("worker 1 (process 4001 on node1), last seen in phase step after step 12"));
  EXPECT_THAT(sentence, HasSubstr("no longer beats"));
  EXPECT_THAT(sentence, testing::Not(HasSubstr("worker 2")));
}

TEST(PeerBeats, OfAnEarlierAttemptOrALargerJobDoNotCount) {
  Heartbeat stale = worker_at(1, 9);
  stale.attempt = 4;
  PeerBeats beats;
  beats.see(worker_at(0, 9), {stale, worker_at(3, 9)}, 100);
  EXPECT_TRUE(beats.peers(100).empty());
}

TEST(PeerBeats, ForgottenTheyAreWatchedAnew) {
  const Heartbeat self = worker_at(0, 9);
  PeerBeats beats;
  beats.see(self, {worker_at(1, 9)}, 100);
  beats.forget();
  beats.see(self, {worker_at(1, 9)}, 110);
  EXPECT_FALSE(beats.can_tell(111));
  EXPECT_EQ(beats.peers(111)[0].beats_stopped_s, 1);
}

TEST(WhoIsBehind, IsTheOneThatEnteredTheFewestCollectives) {
  const std::string sentence =
      worker::who_is_behind(worker_at(0, 9), {{worker_at(1, 9)}, {worker_at(2, 7)}});
  EXPECT_THAT(sentence, HasSubstr("worker 2 (process 4002 on node2) is behind"));
  EXPECT_THAT(sentence, HasSubstr("7 collectives entered; others have entered 9"));
}

TEST(WhoIsBehind, MayBeTheOneThatAsks) {
  EXPECT_THAT(worker::who_is_behind(worker_at(0, 6), {{worker_at(1, 9)}, {worker_at(2, 9)}}),
              HasSubstr("worker 0 (process 4000 on node0) is behind"));
}

TEST(WhoIsBehind, MayBeOneThatNeverStarted) {
  EXPECT_THAT(worker::who_is_behind(worker_at(0, 6), {{worker_at(2, 6)}}),
              HasSubstr("worker 1 has no heartbeat"));
}

TEST(WhoIsBehind, IsNobodyWhereAllAreInOneCollective) {
  EXPECT_THAT(worker::who_is_behind(worker_at(0, 9), {{worker_at(1, 9)}, {worker_at(2, 9)}}),
              HasSubstr("no worker is behind"));
}

TEST(WhoIsBehind, IsTheOnlyWorker) {
  Heartbeat alone = worker_at(0, 9);
  alone.num_workers = 1;
  EXPECT_THAT(worker::who_is_behind(alone, {}), HasSubstr("worker 0 (process 4000 on node0)"));
}

}  // namespace
