"""Makes `import torch` work where the GPU's libraries are not installed.

PyPI's wheel links cuBLAS, cuDNN and others (2.5 GB), which a machine without a GPU never calls but
whose names the loader wants to see. This writes libraries that hold those names and nothing else:
    gpu_stand_ins.py TORCH_LIB_FOLDER OUTPUT_FOLDER
"""
import collections
import pathlib
import re
import subprocess
import sys

# file name: (how its functions begin, the version that the wheel asks of them)
LIBRARIES = {
    "libcublas.so.13": ("cublas(?!Lt)", "libcublas.so.13"),
    "libcublasLt.so.13": ("cublasLt", "libcublasLt.so.13"),
    "libcudnn.so.9": ("cudnn", "libcudnn.so.9"),
    "libcufft.so.12": ("cufft", "libcufft.so.12"),
    "libcufile.so.0": ("cuFile", None),
    "libcurand.so.10": ("curand", None),
    "libcusparse.so.12": ("cusparse(?!Lt)", "libcusparse.so.12"),
    "libcusparseLt.so.0": ("cusparseLt", None),
    "libnvshmem_host.so.3": ("nvshmem", "NVSHMEM"),
}
USERS = ["libtorch_cuda.so", "libtorch_nvshmem.so", "libtorch_python.so"]


def wanted_names(torch_lib):
    command = ["nm", "-D", "--undefined-only", *(str(torch_lib / user) for user in USERS)]
    listing = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return sorted(set(re.findall(r"\bU (\w+)", listing)))


def write_stand_in(path, names, version):
    source = "".join(f"void {name}(void) {{ __builtin_trap(); }}\n" for name in names)
    command = ["cc", "-shared", "-fPIC", "-w", "-fno-builtin", "-x", "c", "-", "-o", str(path)]
    if version:
        script = path.with_suffix(".map")
        script.write_text(f"{version} {{ global: *; }};\n")
        command.append(f"-Wl,--version-script={script}")
    subprocess.run(command, check=True, input=source, text=True)


def main(torch_lib, output):
    output.mkdir(parents=True, exist_ok=True)
    by_library = collections.defaultdict(list)
    for name in wanted_names(torch_lib):
        for library, (beginning, _) in LIBRARIES.items():
            if re.match(beginning, name):
                by_library[library].append(name)
    for library, (_, version) in LIBRARIES.items():
        write_stand_in(output / library, by_library[library], version)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
