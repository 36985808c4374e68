# shellcheck shell=bash
# Sourced by scripts/demo: which photographs teach, which validate and which are held out. Each function fills
#   RUN/photos                       links to all of them, under flat names
#   RUN/valid.txt, RUN/held-out.txt  names of these, one a line

# pictures_in FOLDER: the pictures of a folder and all below it, sorted.
pictures_in() {
  find -L "$1" -type f \( -iname '*.jpg' -o -iname '*.jpeg' -o -iname '*.png' -o -iname '*.tif' -o -iname '*.tiff' \
    -o -iname '*.webp' \) | LC_ALL=C sort
}

# add_photo RUN USE NAME FILE
add_photo() {
  local run=$1 use=$2 name=$3 file=$4
  ln -s "$file" "$run/photos/$name"
  case $use in
    train) ;;
    valid) echo "$name" >>"$run/valid.txt" ;;
    test) echo "$name" >>"$run/held-out.txt" ;;
    *) fail "scripts/demo: '$use' is no use of a photograph ($file); train, valid or test was expected" 65 ;;
  esac
}

start_photos() { mkdir -p "$1/photos"; : >"$1/valid.txt"; : >"$1/held-out.txt"; }

# link_listed_photos LIST RUN
link_listed_photos() {
  local list=$1 run=$2 use file name
  start_photos "$run"
  while read -r use file; do
    [[ -z $use || $use == \#* ]] && continue
    [[ -f $file ]] || fail "scripts/demo: $file of $list is missing; run scripts/setup" 74
    name=${file##*/}
    # .../EveningGlow/contents/images/2560x1600.jpg is known by its wallpaper's name.
    [[ $file == */contents/images/* ]] && name=${file%/contents/images/*} && name=${name##*/}.${file##*.}
    add_photo "$run" "$use" "$name" "$file"
  done <"$list"
}

# divide_own_photos FOLDER RUN: sorted by name, every tenth is held out and the one half-way to the next validates; of
# fewer than ten, one each.
divide_own_photos() {
  local folder=$1 run=$2 files period use name i
  mapfile -t files < <(pictures_in "$folder")
  ((${#files[@]} >= 3)) || fail "scripts/demo: $folder holds ${#files[@]} pictures; at least 3 are needed: one each to learn, to validate, to hold out" 64
  period=$((${#files[@]} < 10 ? ${#files[@]} : 10))
  start_photos "$run"
  for i in "${!files[@]}"; do
    use=train
    ((i % period == 0)) && use="test"
    ((i % period == period / 2)) && use=valid
    name=${files[i]#"$folder"/}
    add_photo "$run" "$use" "${name//\//__}" "${files[i]}"
  done
}
