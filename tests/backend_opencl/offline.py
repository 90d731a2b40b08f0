#!/usr/bin/env python3
"""offline.py CL [--all] [--dumps FOLDER] [--table FILE]: what kernels take of GPUs that are not here.

Compiles kernels of the folder CL for graphics processors by their makers' compilers and prints a table: registers of a work
item (AMD, NVIDIA) or items that run abreast (Intel), and bytes of local memory of a group. Hot kernels, those that hold much in
registers, are compiled in the shapes that the host asks for; where one of them puts registers into memory, or takes more than
it may, the exit status is 1. What is not installed is skipped by name; without any compiler it is 77.

  --all           all targets, not only the first of each maker
  --dumps FOLDER  also all programs in FOLDER that dump.c wrote there: their spills are named, and fail nothing
  --table FILE    a document with such a table: what has changed since is named

  AMD     clang (ONN_CLANG, or the newest on the path); with dumps, rocm-device-libs (ONN_ROCM_DEVICE_LIBS: its folder)
  NVIDIA  clang as old as libclc at most, ptxas and libdevice of the CUDA toolkit (ONN_PTXAS, ONN_LIBDEVICE)
  Intel   ocloc (ONN_OCLOC), in Debian's intel-opencl-icd; unpacked elsewhere its libraries are in ONN_OCLOC_LIBRARIES
"""
import argparse, glob, os, re, shutil, struct, subprocess, sys, tempfile
from collections import namedtuple

AMD = ("gfx1030", "gfx906", "gfx90a")
NVIDIA = ("sm_90", "sm_75", "sm_80")
INTEL = ("dg2", "skl", "tgllp", "pvc")
NO_FP64 = ("dg2", "tgllp")
# Debian 12's compiler gives 32 items there a thread of 128 registers, whatever a kernel needs
MAY_SPILL = ("pvc",)
ENVIRONMENT = os.environ.get

# registers: None for Intel, whose threads always have 128, shared by `lanes` items
Taken = namedtuple("Taken", "registers lanes spilled local")

# ---- hot kernels ----

Hot = namedtuple("Hot", "name file words fp64 most behind", defaults=("",))

def lines(points, per, side, kind, real, passes, name):
    """Rows there, times the filter, and back."""
    words = dict(ITEMS=per * side, PER=per, LINES=side, LANES=1, T="pw_" + kind, S="pw_" + real, V="pw_" + real, I="uint",
                 N=points, PASSES=passes, COLUMNS=0, PITCH="N", ROWS="N", WIDTH=1, PADDED=1, SPREAD=0, IN_FROM=0, IN_COUNT="N",
                 OUT_FROM=0, OUT_COUNT="N", JOINT_FROM=0, JOINT_COUNT=0, FIRST=1, MIDDLE=1, LAST=-1, STORED=0, PROGRAM=0,
                 STORE=0, PARAMETERS="")
    words["ALSO(i)"], words["FILTER(o)"] = "", "(o) * N * N"
    return Hot(name or f"lines of {points} {kind}", "fourier/lines.cl", words, real == "f64", 160)

# a kernel of one group's work, as src/backend/opencl/merge.c writes it
GROUPS_PRODUCT = """
__attribute__((reqd_work_group_size(EDGE * EDGE, 1, 1))) __kernel void KERNEL(__global const T *a, __global const T *b,
    __global T *c, ulong lda, ulong ldb, uint m, uint n, uint k)
{
    __local T room[2 * DEPTH * (EDGE * WORK + 1)];
    NAME(a, 0, b, 0, c, 0, lda, ldb, m, n, k, room, (uint)get_group_id(0));
}"""

def product(kind, work, depth, most):
    """As src/backend/opencl/thresholds.h has them."""
    words = dict(T="pw_" + kind, COMPLEX=int(kind[0] == "c"), A_T=0, A_C=0, B_T=1, B_C=0, EDGE=16, WORK=work, DEPTH=depth,
                 LANES=1, PARTS=1, BATCHES=1, I="uint", STORED=1, PARAMETERS="")
    words["A_BATCH(i)"], words["B_BATCH(i)"], words["ALSO(i)"] = "(i)", "(i)", ""
    return Hot(f"product {kind}", "product/matmul.cl", words, kind in ("f64", "c128"), most, GROUPS_PRODUCT)

HOT = (
    lines(128, 16, 4, "c64", "f32", "PASS(8, 1) PASS(4, 8) PASS(4, 32)", None),
    lines(400, 50, 4, "c64", "f32", "PASS(8, 1) PASS(2, 8) PASS(5, 16) PASS(5, 80)", None),
    lines(512, 64, 4, "c64", "f32", "PASS(8, 1) PASS(8, 8) PASS(8, 64)", None),
    lines(4096, 256, 1, "c64", "f32", "PASS(8, 1) PASS(8, 8) PASS(8, 64) PASS(8, 512)", None),
    lines(3721, 256, 1, "c64", "f32", "DIRECT(61, 1) DIRECT(61, 61)", None),
    lines(512, 64, 4, "c128", "f64", "PASS(8, 1) PASS(8, 8) PASS(8, 64)", None),
    lines(2048, 256, 1, "c128", "f64", "PASS(8, 1) PASS(8, 8) PASS(8, 64) PASS(4, 512)", None),
    product("f32", 4, 16, 64), product("c64", 4, 16, 128), product("f64", 4, 16, 96), product("c128", 2, 8, 96),
)

def program_of(hot):
    """One program with all of them, as a plan has: compilers read the shared functions once."""
    text = [f"#define ONN_FP64 {int(any(h.fp64 for h in hot))}", '#include "shared/all.h"']
    for i, h in enumerate(hot):
        words = dict(h.words, NAME=f"hot_{i}_work" if h.behind else f"hot_{i}_kernel", KERNEL=f"hot_{i}_kernel")
        text += [f"#define {word} {value}" for word, value in words.items()]
        text += [f'#include "{h.file}"', h.behind]
        text += [f"#undef {word.split('(')[0]}" for word in words]
    return "\n".join(text) + "\n"

# ---- compilers ----

def run(*command, libraries=None):
    environment = dict(os.environ)
    if libraries:
        environment["LD_LIBRARY_PATH"] = libraries
    p = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", env=environment)
    return p.returncode, p.stdout

def first_file(*patterns):
    return next((f for p in patterns for f in sorted(glob.glob(p), reverse=True)), None)

CLANG = ENVIRONMENT("ONN_CLANG") or next(filter(None, map(shutil.which, ("clang-16", "clang-15", "clang", "clang-14"))), None)
OCLOC = ENVIRONMENT("ONN_OCLOC") or shutil.which("ocloc")
PTXAS = ENVIRONMENT("ONN_PTXAS") or shutil.which("ptxas") or first_file("/usr/local/cuda/bin/ptxas")
LIBCLC = first_file("/usr/lib/clc/nvptx64--nvidiacl.bc", "/usr/share/clc/nvptx64--nvidiacl.bc")
LIBDEVICE = ENVIRONMENT("ONN_LIBDEVICE") or first_file("/usr/local/cuda/nvvm/libdevice/libdevice*.bc", "/usr/lib/cuda/nvvm/libdevice/libdevice*.bc",
                       "/usr/lib/nvidia-cuda-toolkit/libdevice/libdevice*.bc")
DEVICE_LIBS = ENVIRONMENT("ONN_ROCM_DEVICE_LIBS") or os.path.dirname(first_file("/usr/lib/*/amdgcn/bitcode/ocml.bc") or "")

def clang(cl, source, target, *more):
    """more may end in what clang's compiler proper is told."""
    resources = ENVIRONMENT("ONN_CLANG_RESOURCES")
    return run(CLANG, *(["-resource-dir", resources] if resources else []), "-x", "cl", "-cl-std=CL1.2", "-Xclang",
               "-finclude-default-header", "-Xclang", "-fgnu89-inline", "-D__OPENCL_VERSION__=120", "-O3", "-w", "-I", cl,
               "-target", target, *more, "-S", source)

# Positions and barriers are all that hot kernels call: clang needs no library for them.
AMD_WORDS = """
#define get_local_id(x) ((x) == 0 ? __builtin_amdgcn_workitem_id_x() : __builtin_amdgcn_workitem_id_y())
#define get_group_id(x) ((x) == 0 ? __builtin_amdgcn_workgroup_id_x() : __builtin_amdgcn_workgroup_id_y())
#define barrier(x) \\
	do { \\
		__builtin_amdgcn_fence(__ATOMIC_ACQ_REL, "workgroup"); \\
		__builtin_amdgcn_s_barrier(); \\
	} while (0)
"""

def amd(cl, text, targets, folder, hot):
    results = {}
    with open(folder + "/amd.cl", "w") as f:
        at = text.index("\n", text.index("shared/all.h")) if hot else 0
        f.write(text[:at] + AMD_WORDS + text[at:] if hot else text)
    for target in targets:
        library = ["-nogpulib"] if hot else ["--rocm-device-lib-path=" + DEVICE_LIBS, "-mcode-object-version=4"]
        code, said = clang(cl, folder + "/amd.cl", "amdgcn-amd-amdhsa", "-mcpu=" + target, *library, "-o", folder + "/amd.s")
        results[target] = said if code else read_amd(open(folder + "/amd.s").read())
    return results

def read_amd(assembly):
    """The kernels' metadata, which a line with the first key of each begins."""
    taken = {}
    for part in re.split(r"\n  - ", assembly[assembly.index("amdhsa.kernels:"):])[1:]:
        value = lambda key: int((re.search(rf"\n    \.{key}: +(\d+)", "\n    " + part) or [0, 0])[1])
        name = re.search(r"\n    \.name: +(\w+)", "\n    " + part)
        if name:
            taken[name[1]] = Taken(value("vgpr_count"), None, value("vgpr_spill_count") * 4 + value("private_segment_fixed_size"),
                                   value("group_segment_fixed_size"))
    return taken

def ptx(cl, source, result):
    link = [word for library in (LIBCLC, LIBDEVICE) for word in ("-Xclang", "-mlink-builtin-bitcode", "-Xclang", library)]
    return clang(cl, source, "nvptx64-nvidia-nvcl", "-march=sm_75", *link, "-o", result)

def reads_libclc():
    """An older clang does not read a newer one's library."""
    return LIBCLC and LIBDEVICE and ptx(".", os.devnull, os.devnull)[0] == 0

def nvidia(cl, text, targets, folder, hot):
    with open(folder + "/nvidia.cl", "w") as f:
        f.write(text)
    code, said = ptx(cl, folder + "/nvidia.cl", folder + "/nvidia.ptx")
    results = {}
    for target in targets:
        if not code:
            bad, said = run(PTXAS, "-arch=" + target, "-v", folder + "/nvidia.ptx", "-o", folder + "/nvidia.cubin")
        results[target] = said if code or bad else read_ptxas(said)
    return results

def read_ptxas(said):
    taken, name, spilled = {}, None, 0
    for line in said.splitlines():
        entry = re.search(r"Compiling entry function '(\w+)'", line)
        stack = re.search(r"(\d+) bytes stack frame, (\d+) bytes spill stores", line)
        used = re.search(r"Used (\d+) registers", line)
        if entry:
            name, spilled = entry[1], 0
        elif stack:
            spilled = int(stack[1])
        elif used and name:
            taken[name] = Taken(int(used[1]), None, spilled, int((re.search(r"(\d+) bytes smem", line) or [0, 0])[1]))
            name = None
    return taken

def intel(cl, text, targets, folder, hot):
    results = {}
    with open(folder + "/intel.cl", "w") as f:
        f.write(text)
    for target in targets:
        shutil.rmtree(folder + "/intel", ignore_errors=True)
        code, said = run(OCLOC, "compile", "-file", folder + "/intel.cl", "-device", target, "-options", "-w -cl-std=CL1.2 -I " + cl,
                         "-out_dir", folder + "/intel", "-output", "x", libraries=ENVIRONMENT("ONN_OCLOC_LIBRARIES"))
        binary = first_file(folder + "/intel/*.bin")
        results[target] = said if code or not binary else read_ocloc(open(binary, "rb").read())
    return results

def read_ocloc(data):
    """Intel's patch-token format: a header, then for each kernel its name, heaps and tokens (kind, size, words)."""
    data = data[max(0, data.find(b"CTNI")):]
    kernels, at = struct.unpack_from("<I", data, 16)[0], 28 + struct.unpack_from("<I", data, 24)[0]
    taken = {}
    for _ in range(kernels):
        name_size, tokens, *heaps = struct.unpack_from("<6I", data, at + 12)
        at += 40
        name = data[at:at + name_size].split(b"\0")[0].decode()
        at += name_size + sum(heaps)
        end, lanes, scratch, local = at + tokens, 0, 0, 0
        while at + 8 <= end:
            kind, size = struct.unpack_from("<2I", data, at)
            if size < 8:
                break
            words = struct.unpack_from(f"<{(size - 8) // 4}I", data, at + 8)
            if kind == 23: # how it is run
                lanes = words[3]
            elif kind in (18, 55): # memory for spills
                scratch = max(scratch, words[1])
            elif kind == 15:
                local = words[1]
            at += size
        at = end
        taken[name] = Taken(None, lanes, scratch, local)
    return taken

def makers(dumps):
    """(name, targets, function, what is missing)"""
    def missing(**tools):
        return ", ".join(name.replace("_", " ") for name, there in tools.items() if not there)
    reads = lambda target: CLANG and target in run(CLANG, "--print-targets")[1]
    return (("AMD", AMD, amd, missing(clang_for_amdgcn=reads("amdgcn"), rocm_device_libs=DEVICE_LIBS or not dumps)),
            ("NVIDIA", NVIDIA, nvidia, missing(clang_for_nvptx64=reads("nvptx64"), libdevice=LIBDEVICE, libclc=LIBCLC, ptxas=PTXAS,
                                              clang_that_reads_libclc=not LIBDEVICE or not LIBCLC or reads_libclc())),
            ("Intel", INTEL, intel, missing(ocloc=OCLOC)))

# ---- tables ----

def cell(t):
    if not t:
        return "-"
    size = f"{t.lanes} abreast" if t.registers is None else str(t.registers)
    return size + (f", {t.spilled} B spilled" if t.spilled else "")

def print_table(names, table):
    targets = list(table)
    print("| kernel | " + " | ".join(targets) + " | local |\n|" + "---|" * (len(targets) + 2))
    for name in names:
        row = [table[t].get(name) for t in targets]
        local = max([r.local for r in row if r] or [0])
        print(f"| {name} | " + " | ".join(map(cell, row)) + f" | {local} |")

def compare(path, table):
    """Names what another table has otherwise."""
    head = None
    for line in open(path):
        cells = [c.strip() for c in line.strip().strip("|").split("|")]
        if cells[0] == "kernel":
            head = cells
        elif not line.startswith("|"):
            head = None
        elif head and cells[0] in {name for taken in table.values() for name in taken}:
            for target, was in zip(head[1:], cells[1:]):
                now = cell(table[target].get(cells[0])) if target in table else was
                if now != was:
                    print(f"changed: {cells[0]} on {target}: {now}, and {was} in {os.path.basename(path)}")

def judge(hot, table):
    failed = False
    for target, taken in table.items():
        for h in hot:
            t = taken.get(h.name)
            if t and t.spilled and target not in MAY_SPILL:
                print(f"FAILED: {h.name} on {target} spills {t.spilled} bytes")
                failed = True
            elif t and target in AMD and t.registers > h.most:
                print(f"FAILED: {h.name} on {target} takes {t.registers} registers; at most {h.most} leave it work items enough")
                failed = True
    return failed

# ---- all of them ----

def measure_hot(cl, maker, targets, folder):
    _, _, compile, _ = maker
    results = {}
    for with_fp64 in (True, False):
        hot = [h for h in HOT if with_fp64 or not h.fp64]
        some = [t for t in targets if (t not in NO_FP64) == with_fp64]
        for target, taken in (compile(cl, program_of(hot), some, folder, True) if some else {}).items():
            if isinstance(taken, str):
                sys.exit(f"{target}: {taken[-2000:]}")
            results[target] = {h.name: taken[f"hot_{i}_kernel"] for i, h in enumerate(hot)}
    return results

def measure_dumps(cl, maker, targets, folder, dumps):
    """The most of each family of kernels; what spills or does not compile is named."""
    _, _, compile, _ = maker
    most = {t: {} for t in targets}
    for path in sorted(glob.glob(dumps + "/*.cl")):
        text = open(path).read()
        fp64 = text.startswith("#define ONN_FP64 1")
        some = [t for t in targets if t not in NO_FP64 or not fp64]
        for target, taken in compile(cl, text, some, folder, False).items():
            if isinstance(taken, str):
                print(f"{os.path.basename(path)} on {target}: {taken[-300:]}")
                continue
            for name, t in taken.items():
                family = re.sub(r"_?\d+", "", name) + (" f64" if fp64 else " f32")
                if t.spilled:
                    print(f"spills: {name} of {os.path.basename(path)} on {target}: {t.spilled} bytes")
                old = most[target].get(family, Taken(0 if t.lanes is None else None, t.lanes, 0, 0))
                most[target][family] = Taken(t.registers and max(t.registers, old.registers), t.lanes and min(t.lanes, old.lanes),
                                             max(t.spilled, old.spilled), max(t.local, old.local))
    return most

def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("cl")
    arguments.add_argument("--all", action="store_true")
    arguments.add_argument("--dumps")
    arguments.add_argument("--table")
    a = arguments.parse_args()
    table, dumped = {}, {}
    with tempfile.TemporaryDirectory() as folder:
        for maker in makers(a.dumps):
            name, targets, _, missing = maker
            if missing:
                print(f"skipped: {name}: no {missing}")
                continue
            targets = targets if a.all else targets[:1]
            table.update(measure_hot(os.path.abspath(a.cl), maker, targets, folder))
            if a.dumps:
                dumped.update(measure_dumps(os.path.abspath(a.cl), maker, targets, folder, a.dumps))
    if not table:
        return 77
    print_table([h.name for h in HOT], table)
    if dumped:
        print_table(sorted({family for taken in dumped.values() for family in taken}), dumped)
    if a.table:
        compare(a.table, table)
    return 1 if judge(HOT, table) else 0

sys.exit(main())
