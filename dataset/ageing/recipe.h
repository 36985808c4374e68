#pragma once

#include <string>
#include <vector>

#include "common/config.h"
#include "dataset/ageing/blur.h"
#include "dataset/ageing/creases.h"
#include "dataset/ageing/dust.h"
#include "dataset/ageing/fading.h"
#include "dataset/ageing/grain.h"
#include "dataset/ageing/gray.h"
#include "dataset/ageing/holes.h"
#include "dataset/ageing/mount.h"
#include "dataset/ageing/ranges.h"
#include "dataset/ageing/scan.h"
#include "dataset/ageing/scratches.h"
#include "dataset/ageing/stains.h"
#include "dataset/ageing/textures.h"

namespace dataset::ageing {

/// All ageing except damage: the film's view of colours, fading, blur, grain and scan.
struct Age {
  double none = 0;

  template <class F>
  void fields(F&& field) {
    field("none", none, "share of pictures that did not age but for damage: BT.601 luma as it is");
  }
  void validate() const { check_probability("age.none", none); }
};

/// All damage: dust, scratches, creases, holes, stains and textures. Flat tones with hard rims are
/// what the papers' tests put on intact photographs; on aged ones they would teach that a white
/// collar is damage. A picture without grain or scan is probably intact: `spared` teaches that, and
/// what looks old may still be searched well.
struct Damage {
  double undamaged = 0;
  double spared = 0;
  double dense = 1;

  template <class F>
  void fields(F&& field) {
    field("undamaged", undamaged, "share of pictures without damage of any of the six kinds");
    field("spared", spared, "share of pictures that did not age and are not damaged either");
    field(
        "dense", dense,
        "pictures that did not age have so many times as many scratches and holes, and they alone "
        "cut and even ones; 1: all alike");
  }
  void validate() const {
    check_probability("damage.undamaged", undamaged);
    check_probability("damage.spared", spared);
    check_range("damage.dense", {dense, dense}, 1, 100);
  }
};

/// How photographs age: each stage with its probability and ranges, in the order in which they
/// happen. A stage that a recipe does not name has probability 0.
struct Recipe {
  std::string name;
  Mount mount;
  Age age;
  Gray gray;
  Fading fading;
  Blur blur;
  Grain grain;
  Damage damage;
  Dust dust;
  Scratches scratches;
  Creases creases;
  Holes holes;
  Stains stains;
  Textures textures;
  Scan scan;
  Awgn awgn;

  template <class S>
  void sections(S&& section) {
    section("mount", mount);
    section("age", age);
    section("gray", gray);
    section("fading", fading);
    section("blur", blur);
    section("grain", grain);
    section("damage", damage);
    section("dust", dust);
    section("scratches", scratches);
    section("creases", creases);
    section("holes", holes);
    section("stains", stains);
    section("textures", textures);
    section("scan", scan);
    section("awgn", awgn);
  }
};

/// The recipe of a file (its name has a slash or ends in .yaml), or one that ships: "old-photo" is
/// the first recipes/old-photo.yaml of $RESTORE_CONFIGS and of configs/ in
/// common::data_folders(). `overrides` are words "section.key=value".
/// Throws Error(config) for an unknown name, key or an impossible value, Error(io) if unreadable.
Recipe load_recipe(const std::string& name_or_path, const std::vector<std::string>& overrides = {});

/// Every value of the recipe as YAML that `load_recipe` reads back.
std::string recipe_yaml(const Recipe& recipe);

}  // namespace dataset::ageing
