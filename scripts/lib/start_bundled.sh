#!/bin/sh
# Starts a program of the bundle by the bundle's own loader and C library: those of this machine may be older, and none
# of its packages is needed. Its NVIDIA driver is found all the same.
#   RESTORE_MPI=site   uses this machine's OpenMPI 4 (as `module load openmpi` sets it) instead of the bundle's
pwd -P >/dev/null 2>&1 || cd /  # the folder is gone; full paths still do
programs=$(dirname "$(readlink -f "$0")")
name=${0##*/} link=$0
while [ ! -e "$programs/$name" ] && [ -L "$link" ]; do  # a link that somebody called otherwise
  link=$(cd "$(dirname "$link")" && readlink -f "$(dirname "$(readlink "$link")")")/$(basename "$(readlink "$link")")
  name=${link##*/}
done
root=${programs%/*}
libraries=$root/lib/restore
if [ "${RESTORE_MPI:-bundle}" != site ]; then
  libraries=$libraries:$root/lib/mpi
  case $name in  # not restore-launch, which may start this machine's srun
    restore-worker | restore-shard | mpirun | orted)
      export OPAL_PREFIX="$root/mpi" PMIX_PREFIX="$root/mpi" PMIX_LIBDIR="$root/mpi/lib/x86_64-linux-gnu/pmix2/lib" ;;
  esac
fi
for folder in "$root"/gpu/torch/lib "$root"/gpu/nvidia/*/lib; do
  [ ! -d "$folder" ] || libraries=$libraries:$folder
done
export PATH="$root/tools:$root/bin:$PATH" VIPSHOME="$root/lib" PERL5LIB="$root/perl"
libraries=$libraries:${LD_LIBRARY_PATH:-}:/usr/lib/x86_64-linux-gnu:/usr/lib64:/usr/lib
case $name in
  # Without ssh it ends even where no other machine is asked for.
  mpirun) command -v ssh >/dev/null || [ -n "${SLURM_JOB_ID:-}" ] || export OMPI_MCA_plm=isolated ;;
  exiftool) set -- "$programs/exiftool.pl" "$@" && name=perl ;;
esac
exec "$programs/ld-linux-x86-64.so.2" --argv0 "$name" --library-path "$libraries" "$programs/$name.elf" "$@"
