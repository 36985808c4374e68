#include "webui/photo_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>

#include "tests/common/expect_error.h"
#include "tests/common/temporary_folder.h"
#include "tests/webui/fake_restoring.h"
#include "tests/webui/uploaded.h"
#include "webui/upload.h"

namespace webui {
namespace {

/// Waits, as long as a slow machine takes, until `is_so`.
template <class Condition>
bool comes_true(Condition&& is_so) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (!is_so() && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return is_so();
}

/// Restores once it is let go, and tells its progress all the time until then.
struct Held {
  std::promise<void> go;
  std::shared_future<void> gone{go.get_future().share()};
  restore::RestorePhoto restore = [this](const restore::RestoreJob& job,
                                         const restore::RestoreOptions& options,
                                         const restore::PhotoProgress& progress,
                                         const std::stop_token& stop) {
    while (gone.wait_for(std::chrono::milliseconds(1)) != std::future_status::ready &&
           !stop.stop_requested()) {
      progress(0.5);
    }
    return stop.stop_requested() ? std::nullopt : fake_restoring(0)(job, options, progress, stop);
  };
};

auto state_is(const PhotoQueue& queue, int64_t id, PhotoState state) {
  return [&queue, id, state] { return queue.find(id)->state == state; };
}

TEST(PhotoQueue, RestoresOneAfterTheOther) {
  const tests::TemporaryFolder folder;
  Held held;
  PhotoQueue queue(folder.path(), 5, held.restore);
  const int64_t first = uploaded(queue, "a.png"), second = uploaded(queue, "b.png");
  queue.restore(first, {}, "");
  queue.restore(second, {}, "");
  ASSERT_TRUE(comes_true(state_is(queue, first, PhotoState::restoring)));
  EXPECT_EQ(queue.find(second)->state, PhotoState::waiting);
  EXPECT_TRUE(comes_true([&] { return queue.find(first)->progress == 0.5; }));
  held.go.set_value();
  ASSERT_TRUE(comes_true(state_is(queue, second, PhotoState::done)));
  const PhotoStatus done = *queue.find(first);
  EXPECT_EQ(done.state, PhotoState::done);
  EXPECT_TRUE(done.result.has_damage);
  for (const auto& file : {done.files.restored(1), done.files.after(1), done.files.damage(1)}) {
    EXPECT_TRUE(std::filesystem::exists(file)) << file;
  }
}

TEST(PhotoQueue, CancelsWhatRunsAndWhatWaits) {
  const tests::TemporaryFolder folder;
  Held held;
  PhotoQueue queue(folder.path(), 5, held.restore);
  const int64_t first = uploaded(queue, "a.png"), second = uploaded(queue, "b.png");
  queue.restore(first, {}, "");
  queue.restore(second, {}, "");
  ASSERT_TRUE(comes_true(state_is(queue, first, PhotoState::restoring)));
  tests::expect_error(common::ErrorKind::usage, "cancel that first",
                      [&] { queue.restore(first, {}, ""); });
  queue.cancel(second);
  EXPECT_EQ(queue.find(second)->state, PhotoState::cancelled);
  queue.cancel(first);
  ASSERT_TRUE(comes_true(state_is(queue, first, PhotoState::cancelled)));
  EXPECT_EQ(queue.find(first)->message, "");
}

TEST(PhotoQueue, KeepsAnEarlierResultWhenTheNextFails) {
  const tests::TemporaryFolder folder;
  bool fails = false;
  PhotoQueue queue(folder.path(), 5,
                   [&](const restore::RestoreJob& job, const restore::RestoreOptions& options,
                       const restore::PhotoProgress& progress, const std::stop_token& stop) {
                     if (fails) throw std::runtime_error(job.photo.string() + ": out of memory");
                     return fake_restoring(0)(job, options, progress, stop);
                   });
  const int64_t id = uploaded(queue, "a.png");
  queue.restore(id, {}, "");
  ASSERT_TRUE(comes_true(state_is(queue, id, PhotoState::done)));
  fails = true;
  queue.restore(id, {}, "");
  ASSERT_TRUE(comes_true(state_is(queue, id, PhotoState::failed)));
  const PhotoStatus failed = *queue.find(id);
  EXPECT_EQ(failed.message, "a.png: out of memory");  // not our path
  EXPECT_EQ(failed.result.version, 1);
  EXPECT_TRUE(std::filesystem::exists(failed.files.restored(1)));
  fails = false;
  queue.restore(id, {}, "");
  ASSERT_TRUE(comes_true(state_is(queue, id, PhotoState::done)));
  EXPECT_EQ(queue.find(id)->result.version, 3);
  EXPECT_FALSE(std::filesystem::exists(failed.files.restored(1)));
}

TEST(PhotoQueue, DeletesAlsoWhatIsBeingRestored) {
  const tests::TemporaryFolder folder;
  Held held;
  PhotoQueue queue(folder.path(), 5, held.restore);
  const int64_t id = uploaded(queue, "a.png");
  queue.restore(id, {}, "");
  ASSERT_TRUE(comes_true(state_is(queue, id, PhotoState::restoring)));
  queue.remove(id);
  EXPECT_FALSE(queue.find(id));
  tests::expect_error(common::ErrorKind::usage, "is gone", [&] { queue.cancel(id); });
  EXPECT_TRUE(comes_true([&] { return std::filesystem::is_empty(folder.path()); }));
}

TEST(PhotoQueue, EndsWhatRunsWithItself) {
  const tests::TemporaryFolder folder;
  Held held;
  auto queue = std::make_unique<PhotoQueue>(folder.path(), 5, held.restore);
  const int64_t id = uploaded(*queue, "a.png");
  queue->restore(id, {}, "");
  ASSERT_TRUE(comes_true(state_is(*queue, id, PhotoState::restoring)));
  queue.reset();  // would hang
}

TEST(PhotoQueue, LooksForDamageAfterWhatWaitsToBeRestored) {
  const tests::TemporaryFolder folder;
  Held held;
  PhotoQueue queue(folder.path(), 5, held.restore, fake_finding);
  const int64_t first = uploaded(queue, "a.png");
  const auto is_seen = [&queue](int64_t id) {
    return [&queue, id] { return queue.find(id)->view == DamageView::made; };
  };
  ASSERT_TRUE(comes_true(is_seen(first)));
  EXPECT_EQ(queue.find(first)->state, PhotoState::ready);
  EXPECT_TRUE(std::filesystem::exists(queue.find(first)->files.found()));
  restore::RestoreOptions options;
  options.sensitivity = 0.5;
  queue.restore(first, options, "");
  ASSERT_TRUE(comes_true(state_is(queue, first, PhotoState::restoring)));
  const int64_t second = uploaded(queue, "b.png");
  EXPECT_EQ(queue.find(second)->view, DamageView::pending);
  held.go.set_value();
  ASSERT_TRUE(comes_true(is_seen(second)));
  EXPECT_EQ(queue.find(first)->state, PhotoState::done);
  EXPECT_EQ(queue.find(first)->result.sensitivity, 0.5);
}

TEST(PhotoQueue, WhereNoDamageCanBeLookedForNoneIsShown) {
  const tests::TemporaryFolder folder;
  std::string why;
  PhotoQueue queue(folder.path(), 5, fake_restoring(0), [&](const auto&, const auto&) {
    if (!why.empty()) throw std::runtime_error(why);
    return restore::GrayPreview();
  });
  for (const char* reason : {"", "out of memory"}) {
    why = reason;
    const int64_t id = uploaded(queue, "a.png");
    ASSERT_TRUE(comes_true([&] { return queue.find(id)->view == DamageView::none; }));
    EXPECT_EQ(queue.find(id)->state, PhotoState::ready);
    EXPECT_FALSE(std::filesystem::exists(queue.find(id)->files.found()));
  }
}

TEST(PhotoQueue, WhatIsDeletedWhileItIsLookedAtLeavesNothing) {
  const tests::TemporaryFolder folder;
  std::promise<void> begun, go;
  {
    PhotoQueue queue(folder.path(), 5, fake_restoring(0), [&](const auto& photo, const auto& stop) {
      begun.set_value();
      go.get_future().wait();
      return std::filesystem::exists(photo) ? fake_finding(photo, stop)
                                            : restore::GrayPreview{1, 1, {255}};
    });
    const int64_t id = uploaded(queue, "a.png");
    begun.get_future().wait();
    queue.remove(id);
    go.set_value();
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(PhotoQueue, AWrongMaskLeavesThePhotographAsItWas) {
  const tests::TemporaryFolder folder;
  PhotoQueue queue(folder.path(), 5, fake_restoring(0));
  const int64_t id = uploaded(queue, "a.png");
  tests::expect_error(common::ErrorKind::corrupt, "not a PNG",
                      [&] { queue.restore(id, {}, "no PNG"); });
  EXPECT_EQ(queue.find(id)->state, PhotoState::ready);
}

}  // namespace
}  // namespace webui
