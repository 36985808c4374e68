#include "restore/border.h"

#include <gmock/gmock.h>

#include "tests/imaging/sample_plane.h"
#include "tests/restore/sample_photo.h"

using imaging::Plane;
using imaging::Samples;
using imaging::Span;
using restore::Border;
using restore::Engine;
using restore::find_border;
using restore::mending;
using restore::RestoreOptions;
using restore::SamplePhoto;
using restore::with_strength;
using testing::AllOf;
using testing::Field;

namespace {

auto is_span(int64_t begin, int64_t size) {
  return AllOf(Field(&Span::begin, begin), Field(&Span::size, size));
}

/// Sets the pixels of these rows and columns to values of no order about mid-gray.
void put_photo(Plane& plane, Span rows, Span columns) {
  const Plane photo = imaging::sample_plane(rows.size, columns.size);
  for (int64_t y = 0; y < rows.size; ++y) {
    for (int64_t x = 0; x < columns.size; ++x) {
      plane.row(rows.begin + y)[columns.begin + x] = 0.2F + 0.5F * photo.row(y)[x];
    }
  }
}

void put_tone(Plane& plane, Span rows, Span columns, float tone) {
  for (int64_t y = rows.begin; y < rows.begin + rows.size; ++y) {
    std::fill_n(plane.row(y) + columns.begin, columns.size, tone);
  }
}

/// A photograph of 140 x 200 with a border of 20.
Plane bordered(float tone) {
  Plane plane(180, 240, tone);
  put_photo(plane, {20, 140}, {20, 200});
  return plane;
}

/// The same with 16 grays of no order, in a file.
Samples bordered_samples() {
  const Samples dots = imaging::random_samples({200, 140}, 15);
  Samples samples{{240, 180}, std::vector<uint16_t>(240 * 180, 230)};
  for (int64_t i = 0; i < 200 * 140; ++i) {
    const auto at = static_cast<size_t>((i / 200 + 20) * 240 + i % 200 + 20);
    samples.values[at] = static_cast<uint16_t>(60 + dots.values[static_cast<size_t>(i)]);
  }
  return samples;
}

bool is_in_photo(size_t i) {
  const size_t x = i % 240, y = i / 240;
  return x >= 20 && x < 220 && y >= 20 && y < 160;
}

}  // namespace

TEST(Border, IsFoundInAnyToneAndEndsAtThePhotograph) {
  for (const float tone : {0.0F, 0.05F, 0.85F, 1.0F}) {
    const auto border = find_border(bordered(tone), 1);
    ASSERT_TRUE(border) << tone;
    EXPECT_THAT(border->rows, is_span(20, 140));
    EXPECT_THAT(border->columns, is_span(20, 200));
    EXPECT_EQ(border->is_border.row(19)[100], 1);
    EXPECT_EQ(border->is_border.row(90)[120], 0);
  }
}

TEST(Border, IsNotFoundWhereThereIsNone) {
  EXPECT_FALSE(find_border(imaging::sample_plane(180, 240), 1));
  EXPECT_FALSE(find_border(Plane(180, 240, 0.9F), 1));  // an empty page
  EXPECT_FALSE(find_border(Plane(20, 20, 0.9F), 1));    // too small to tell
  Plane faint_lines(180, 240, 0.5F);                    // all that is not flat is near to what is
  for (int64_t x = 20; x < 220; x += 9) put_tone(faint_lines, {20, 140}, {x, 2}, 0.58F);
  EXPECT_FALSE(find_border(faint_lines, 1));
  Plane graded = bordered(0.9F);  // sky that grows dark
  for (int64_t y = 0; y < 20; ++y)
    put_tone(graded, {y, 1}, {0, 240}, 0.3F + 0.03F * static_cast<float>(y));
  EXPECT_FALSE(find_border(graded, 1)->is_around);
}

TEST(Border, ABlankSkyIsIntactButForSpecksAndAPartOfThePhotograph) {
  Plane below_sky(180, 240, 0.9F);
  put_photo(below_sky, {90, 90}, {0, 240});
  put_tone(below_sky, {40, 1}, {50, 2}, 0.5F);
  put_tone(below_sky, {55, 2}, {0, 240}, 0.3F);  // a wire from side to side
  const auto sky = find_border(below_sky, 1);
  ASSERT_TRUE(sky);
  EXPECT_FALSE(sky->is_around);
  EXPECT_THAT(sky->rows, is_span(0, 180));
  EXPECT_THAT(sky->columns, is_span(0, 240));
  EXPECT_EQ(sky->is_border.row(20)[100], 1);
  EXPECT_EQ(sky->is_border.row(40)[50], 0);
  EXPECT_EQ(sky->is_border.row(55)[100], 0);
  EXPECT_EQ(sky->is_border.row(75)[100], 1);
  EXPECT_EQ(sky->is_border.row(120)[100], 0);
  Plane torn(180, 240, 0.95F);  // off a corner: less than most of a side
  put_photo(torn, {0, 180}, {0, 240});
  put_tone(torn, {0, 60}, {0, 80}, 0.95F);
  EXPECT_FALSE(find_border(torn, 1));
}

TEST(Border, ACaptionIsNoPhotographButTwoPhotographsAre) {
  Plane captioned(180, 240, 0.95F);
  put_photo(captioned, {20, 100}, {20, 200});
  put_photo(captioned, {145, 12}, {60, 100});
  EXPECT_THAT(find_border(captioned, 1)->rows, is_span(20, 100));
  Plane two(180, 240, 0.95F);
  put_photo(two, {20, 140}, {20, 80});
  put_photo(two, {20, 140}, {140, 80});
  EXPECT_THAT(find_border(two, 1)->columns, is_span(20, 200));
}

TEST(Border, ACrackThatRunsIntoItIsDamage) {
  Plane cracked = bordered(0.95F);
  put_tone(cracked, {0, 180}, {110, 4}, 0.95F);
  const auto border = find_border(cracked, 1);
  ASSERT_TRUE(border);
  EXPECT_THAT(border->columns, is_span(20, 200));
  for (int64_t y = 40; y < 140; ++y) EXPECT_EQ(border->is_border.row(y)[111], 0) << y;
}

TEST(Border, IsFoundWithinAnother) {
  Plane on_a_scanner(220, 280, 0.02F);
  put_tone(on_a_scanner, {20, 180}, {20, 240}, 0.95F);
  put_photo(on_a_scanner, {40, 140}, {40, 200});
  const auto border = find_border(on_a_scanner, 1);
  ASSERT_TRUE(border);
  EXPECT_THAT(border->rows, is_span(40, 140));
  EXPECT_THAT(border->columns, is_span(40, 200));
  EXPECT_EQ(border->is_border.row(30)[100], 1);
}

TEST(Border, IsFoundWithinAnotherWhereThePrintLiesAslant) {
  Plane on_a_scanner(260, 300, 0.02F);
  for (int64_t y = 20; y < 240; ++y) {
    const int64_t moved = y / 16;
    put_tone(on_a_scanner, {y, 1}, {20 + moved, 240}, 0.95F);
    if (y >= 40 && y < 220) put_photo(on_a_scanner, {y, 1}, {40 + moved, 200});
  }
  const auto border = find_border(on_a_scanner, 1);
  ASSERT_TRUE(border);
  EXPECT_THAT(border->rows, is_span(40, 180));
  EXPECT_THAT(border->columns, is_span(42, 211));
  EXPECT_EQ(border->is_border.row(130)[36], 1);  // paper
}

TEST(Border, ThatMayBeABackdropOrHasGrainIsNotCutOff) {
  Plane person(180, 240, 0.8F);  // before a backdrop
  put_photo(person, {25, 35}, {105, 30});
  put_photo(person, {60, 110}, {55, 130});
  Plane grainy = bordered(0.8F);
  const Plane noise = imaging::sample_plane(180, 240);
  for (size_t i = 0; i < grainy.values.size(); ++i) {
    if (grainy.values[i] == 0.8F) grainy.values[i] += 0.05F * (noise.values[i] - 0.5F);
  }
  for (const Plane& picture : {person, grainy}) {
    const auto border = find_border(picture, 1);
    ASSERT_TRUE(border);
    EXPECT_THAT(border->rows, is_span(0, 180));
    EXPECT_THAT(border->columns, is_span(0, 240));
    EXPECT_EQ(border->is_border.row(10)[10], 1);
  }
}

TEST(Border, OfAFileStaysAndThePhotographIsRestored) {
  const Samples before = bordered_samples();
  const SamplePhoto photo(before);
  const auto after = photo.restored(mending({.lighter = 0.2F}), with_strength(1));
  for (size_t i = 0; i < before.values.size(); ++i) {
    ASSERT_EQ(after.values[i], before.values[i] + (is_in_photo(i) ? 51 : 0)) << i;
  }
}

TEST(Border, IsIntactWhateverTheNetworkSays) {
  const SamplePhoto photo(bordered_samples());
  const auto network = mending({.tone = 0, .damaged_above = 0.25F});  // and half of the photograph
  const auto result = photo.restore(network, with_strength(1));
  const double share_of_photo = 200.0 * 140 / (240 * 180);
  EXPECT_GT(result.found.damaged_share, 0.2 * share_of_photo);
  EXPECT_LT(result.found.damaged_share, 0.8 * share_of_photo);
  EXPECT_LT(result.changed_share, share_of_photo);
  const auto view = Engine(network, {}).find_damage(photo.path);
  ASSERT_EQ(view.width, 240);
  ASSERT_EQ(view.height, 180);
  EXPECT_EQ(view.levels[5 * 240 + 5], 0);
  EXPECT_NE(view.levels[90 * 240 + 120], 0);
}

TEST(Border, MarkedByAPersonIsRepaired) {
  const SamplePhoto photo(bordered_samples());
  RestoreOptions options = with_strength(1);
  Samples mask{{240, 180}, std::vector<uint16_t>(240 * 180)};
  for (size_t x = 100; x < 140; ++x) mask.values[8 * 240 + x] = 255;
  options.mask = photo.marked(mask);
  const auto after = photo.restored(mending({.tone = 0}), options);
  EXPECT_EQ(after.values[8 * 240 + 120], 0);
  EXPECT_EQ(after.values[8 * 240 + 60], 230);
}

TEST(Border, KeepsItsColoursWhereThePhotographIsColoured) {
  const Samples before = bordered_samples();
  const SamplePhoto photo(before);
  RestoreOptions options;
  options.tasks.colourise = true;
  const auto after = photo.restored(std::make_shared<restore::MoodNetwork>(), options);
  ASSERT_EQ(after.form.colours, 3);
  for (size_t channel = 0; channel < 3; ++channel) {
    EXPECT_EQ(after.values[3 * (5 * 240 + 5) + channel], 230);
  }
  EXPECT_NE(after.values[3 * (90 * 240 + 120)], after.values[3 * (90 * 240 + 120) + 1]);
}

TEST(Border, OfLumaInMemoryStaysToo) {
  const Plane before = bordered(0.9F);
  const auto after = Engine(mending({.lighter = 0.125F}), {.tile = 64, .overlap = 16})
                         .restore(before, with_strength(1));
  EXPECT_EQ(after.luma.row(5)[5], before.row(5)[5]);
  EXPECT_NEAR(after.luma.row(90)[120], before.row(90)[120] + 0.125F, 1e-5);
  EXPECT_EQ(after.damage.row(5)[5], 0);
}

TEST(Border, IsCutOffWhereAPersonMarkedThePhotographAlone) {
  const SamplePhoto photo(bordered_samples());
  Samples mask{{240, 180}, std::vector<uint16_t>(240 * 180)};
  mask.values[90 * 240 + 120] = 255;
  RestoreOptions options = with_strength(1);
  const auto restored_with = [&](bool in_border_too) {
    mask.values[8 * 240 + 120] = in_border_too ? 255 : 0;
    options.mask = photo.marked(mask);
    return photo.restored(mending({.lighter = 0.2F, .tone = 0}), options);
  };
  const auto cut = restored_with(false), whole = restored_with(true);
  EXPECT_EQ(cut.values[90 * 240 + 120], 0);
  EXPECT_EQ(cut.values[8 * 240 + 60], 230);
  EXPECT_EQ(whole.values[8 * 240 + 60], 255);  // the network saw it
}
