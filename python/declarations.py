#!/usr/bin/env python3
"""declarations.py OUT.py FOLDER...: what the headers in the folders declare, for ctypes.

The build runs it, so that the package and the library cannot differ: structures, numbers of
enumerations, and the types of each function's arguments and result.
"""
import os
import re
import sys

# Pointers are passed as addresses: a ctypes array, byref() or an integer will do for each.
PLAIN = {
    "void": "None", "bool": "c_bool", "char": "c_char", "int": "c_int", "unsigned": "c_uint",
    "float": "c_float", "double": "c_double", "size_t": "c_size_t", "ptrdiff_t": "c_ssize_t",
    "uint8_t": "c_uint8", "uint32_t": "c_uint32", "uint64_t": "c_uint64", "int32_t": "c_int32",
    "int64_t": "c_int64",
}


def declarations_of(text):
    """A header without comments, without what is for C++, without directives."""
    text = re.sub(r"/\*.*?\*/", " ", text, flags=re.S)
    text = re.sub(r"//[^\n]*", " ", text).replace("\\\n", " ")
    lines, keep = [], [True]
    for line in text.split("\n"):
        directive = re.match(r"\s*#\s*(\w+)\s*(.*)", line)
        if not directive:
            lines.append(line if all(keep) else "")
        elif directive[1] in ("if", "ifdef", "ifndef"):
            keep.append(directive[2].strip() not in ("__cplusplus", "defined(__GNUC__)")
                        or directive[1] == "ifndef")
        elif directive[1] == "else":
            keep[-1] = not keep[-1]
        elif directive[1] == "endif":
            keep.pop()
    return "\n".join(lines)


class Headers:
    """What was declared, under the names of C."""

    def __init__(self):
        self.numbers = {}     # of enumerations
        self.enums = set()
        self.structures = {}  # name: [(member, type)]
        self.callbacks = set() # types that are pointers to functions
        self.functions = {}   # name: (result, [arguments])

    def read(self, text):
        for body, name in re.findall(r"typedef enum \w*\s*{(.*?)}\s*(\w+);", text, flags=re.S):
            self.enums.add(name)
            self.read_numbers(body)
        for body in re.findall(r"(?<!typedef )\benum\s*{(.*?)};", text, flags=re.S):
            self.read_numbers(body)
        self.callbacks.update(re.findall(r"typedef [\w\s*]+\(\*(\w+)\)\(", text))
        for body, name in re.findall(r"typedef struct \w*\s*{(.*?)}\s*(\w+);", text, flags=re.S):
            self.structures[name] = body
        for result, name, arguments in re.findall(
                r"ONN_API\s+([\w\s*]+?)(\w+)\s*\(((?:[^()]|\([^()]*\))*)\)\s*;", text):
            self.functions[name] = (result, arguments)

    def read_numbers(self, body):
        value = -1
        for entry in filter(None, (e.strip() for e in body.split(","))):
            name, _, text = (part.strip() for part in entry.partition("="))
            value = eval(text, {}, self.numbers) if text else value + 1
            self.numbers[name] = value

    # ---- as ctypes ----

    def type_of(self, text):
        """Of a type without a name: "const onn_grid *"."""
        text = re.sub(r"\b(const|struct|extern|enum)\b", " ", text)
        stars, base = text.count("*"), " ".join(text.replace("*", " ").split())
        base = {"unsigned int": "unsigned", "unsigned char": "uint8_t"}.get(base, base)
        if stars == 1 and base == "char":
            return "c_char_p"
        if stars or base in self.callbacks:
            return "c_void_p"
        if base in PLAIN:
            return PLAIN[base]
        if base in self.enums:
            return "c_int"
        if base in self.structures:
            return base
        raise ValueError(f"unknown type {text!r}")

    def callback(self, text):
        """A pointer to a function, "bool (*progress)(void *, ...)": its name and type."""
        result, name, arguments = re.match(r"(.*?)\(\*(\w*)\)\s*\((.*)\)$", text, flags=re.S).groups()
        types = [self.type_of(result)] + [t for _, t in self.parameters(arguments)]
        return name, f"CFUNCTYPE({', '.join(types)})"

    def parameters(self, text):
        if text.strip() in ("", "void"):
            return []
        return [self.member(one) for one in re.split(r",(?![^(]*\))", text) if one.strip() != "..."]

    def member(self, text):
        """"double pitch[2]": its name and type; an array as an argument is a pointer."""
        text = " ".join(text.split())
        array = re.match(r".*\(\*(\w+)\)\s*\[", text)
        if array:  # a pointer to arrays
            return array[1], "c_void_p"
        if "(*" in text:
            name, kind = self.callback(text)
            return name, kind
        counts = re.findall(r"\[(.*?)\]", text)
        text = re.sub(r"\[.*?\]", "", text)
        declared, name = re.match(r"(.*?)(\w+)$", text).groups()
        if not declared.strip():
            declared, name = name, ""
        kind = self.type_of(declared)
        if counts and counts[0].strip() == "":
            return name, "c_void_p"
        for count in reversed(counts):
            kind = f"{kind} * {eval(count, {}, self.numbers)}"
        return name, kind

    def fields(self, body):
        found = []
        for line in filter(None, (part.strip() for part in body.split(";"))):
            if "(*" in line:
                found.append(self.member(line))
                continue
            first, *others = line.split(",")
            name, kind = self.member(first)
            found.append((name, kind))
            declared = re.match(r"(.*?)\**\s*\w+(\[.*?\])*$", " ".join(first.split()))[1]
            found += [self.member(declared + " " + other) for other in others]
        return found


def as_argument(kind):
    return "c_void_p" if kind.startswith("CFUNCTYPE") or " * " in kind else kind


def write(headers, out):
    print('"""Made by declarations.py of the library\'s headers."""\n'
          "from ctypes import *  # noqa: F403\n\nNUMBERS = {", file=out)
    for name, value in headers.numbers.items():
        print(f'    "{name}": {value},', file=out)
    print("}\n", file=out)
    fields = {name: headers.fields(body) for name, body in headers.structures.items()}
    written = set()

    def structure(name):
        if name in written:
            return
        written.add(name)
        for _, kind in fields[name]:
            inner = kind.split(" * ")[0]
            if inner in fields:
                structure(inner)
        rows = "".join(f'\n        ("{member}", {kind}),' for member, kind in fields[name])
        print(f"\nclass {name}(Structure):\n    _fields_ = [{rows}\n    ]\n", file=out)

    for name in fields:
        structure(name)
    print("\nFUNCTIONS = {", file=out)
    for name, (result, arguments) in headers.functions.items():
        kinds = ", ".join(as_argument(kind) for _, kind in headers.parameters(arguments))
        # a text that is the caller's to free is an address
        gives = headers.type_of(result)
        if gives == "c_char_p" and "const" not in result:
            gives = "c_void_p"
        print(f'    "{name}": ({gives}, [{kinds}]),', file=out)
    print("}", file=out)


def main(path, *folders):
    headers = Headers()
    texts = {}
    for folder in folders:
        for name in sorted(os.listdir(folder)):
            if name.endswith(".h") and name != "opencl.h":  # which needs the types of OpenCL
                with open(os.path.join(folder, name), encoding="utf-8") as file:
                    texts[name] = declarations_of(file.read())
    # array.h and optics.h have the numbers that others count by
    for name in sorted(texts, key=lambda n: (n != "array.h", n != "optics.h", n)):
        headers.read(texts[name])
    with open(path, "w", encoding="utf-8") as out:
        write(headers, out)


if __name__ == "__main__":
    main(*sys.argv[1:])
