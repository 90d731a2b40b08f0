"""--json: one object on standard output, whose numbers are those of the text. Run as: json_output.py onn make_field."""
import json
import re
import subprocess
import sys
import tempfile

onn, make_field = sys.argv[1:]
folder = tempfile.TemporaryDirectory()
failures = 0


def run(*words, code=0):
    done = subprocess.run([onn, *words], cwd=folder.name, capture_output=True, text=True)
    if done.returncode != code:
        sys.exit(f"onn {' '.join(words)}: exit status {done.returncode}, not {code}: {done.stderr}")
    return done


def expect(holds, what):
    global failures
    if not holds:
        print("FAILED:", what)
        failures += 1


def read(*words, code=0):
    """The object, which names its command and the units of what has one."""
    result = json.loads(run(*words, "--json", code=code).stdout)
    expect(result["command"] in " ".join(words) and result["onn"], f"{words}: {result}")
    return result


def number(pattern, text):
    found = re.search(pattern, text)
    if not found:
        sys.exit(f"{pattern!r} is not in {text!r}")
    return float(found.group(1))


devices = read("devices")
names = [line.split()[0] for line in run("devices").stdout.split("\n\n")[0].splitlines()[1:]]
expect([d["name"] for d in devices["devices"]] == names, f"devices: {devices}")
expect(devices["units"]["memory"] == "B" and devices["devices"][0]["memory"] > 1e8, f"devices: {devices}")

rows = [[float(x) for x in line.split(",")] for line in run("response", "--inputs", "0:2:3").stdout.splitlines()[1:]]
points = read("response", "--inputs", "0:2:3")["points"]
for row, point in zip(rows, points):
    for a, b in zip(row, (point["input"], point["output"], point["exact"], point["probe"])):
        expect(abs(a - b) <= 1e-11 * (1 + abs(a)), f"response: {point}, not {row}")
expect(len(points) == 3, f"response: {points}")

light = ["--wavelength", "532nm", "--pitch", "8um"]
run("source", "in.npy", *light, "--kind", "plane", "--aperture", "200um")
made = read("source", "other.npy", *light, "--kind", "plane", "--tilt", "0,1mrad")
expect(made["tilt"] == [0, .001] and made["units"]["tilt"] == "rad" and made["enough"] is True, f"source: {made}")
said = run("source", "other.npy", *light, "--kind", "plane", "--tilt", "1mrad").stderr
expect("tilted by 1 mrad (y), 1 mrad (x)" in said, f"source: {said}")
text = run("propagate", "in.npy", "a.npy", *light, "--distance", "3cm").stderr
far = read("propagate", "in.npy", "b.npy", *light, "--distance", "3cm")
expect(f"{far['error']:.1e}" in text and far["method"] in text, f"propagate: {far} against {text}")
expect(far["distance"] == [0.03] and far["wavelength"] == 5.32e-07, f"propagate: {far}")
expect(far["units"]["pitch_out"] == "m" and far["pitch_out"] == [8e-6, 8e-6], f"propagate: {far}")
expect(open(folder.name + "/a.npy", "rb").read() == open(folder.name + "/b.npy", "rb").read(), "another OUT")

net = ["train", "mlp", "--device", "c", "--hidden", "16", "--epochs", "2", "--seeds", "2"]
text = run(*net).stdout
trained = read(*net, "--out", "run")
expect(abs(number(r"2 seeds: report accuracy ([0-9.]+)", text) - 100 * trained["mean"]) < 0.006, f"train: {trained}")
expect([r["seed"] for r in trained["runs"]] == [0, 1] and trained["units"]["seconds"] == "s", f"train: {trained}")

text = run("eval", "run/seed-1", "--device", "c").stdout
seen = read("eval", "run/seed-1", "--device", "c")
expect(abs(number(r"accuracy ([0-9.]+) %", text) - 100 * seen["accuracy"]) < 0.006, f"eval: {seen}")
noisy = ["eval", "run/seed-1", "--device", "c", "--weight-noise", "0,.1", "--copies", "2"]
text = run(*noisy).stdout
seen = read(*noisy)
expect([p["value"] for p in seen["curves"]] == [0, 0.1], f"eval: {seen}")
expect(abs(number(r"weight-noise 0.1: accuracy ([0-9.]+)", text) - 100 * seen["curves"][1]["accuracy"]) < 0.006,
       f"eval: {seen} against {text}")
copies = read("eval", "run/seed-1", "--device", "c", "--weight-noise", ".1", "--copies", "3")
expect(len(copies["copies"]) == 3 and copies["copies_deviation"] > 0, f"eval: {copies}")

design = ["design", "--device", "c", "--size", "16", "--plates", "2", "--steps", "4"]
text = run(*design).stdout
made = read(*design)
expect(abs(number(r"PSNR ([0-9.]+) dB", text) - made["psnr"]) < 0.006 and made["units"]["psnr"] == "dB", f"design: {made}")
expect(made["as_phases"]["loss"] > 0 and made["steps"] == 4, f"design: {made}")
run(*design, "--dry-run", "--json", code=2)

pulse = ["pulse", "--device", "c", "--od", "3", "--t1", "inf", "--fluence", ".1,1"]
sent = read(*pulse)
expect(len(sent["pulses"]) == 2 and sent["pulses"][1]["fluence_in"] == 1, f"pulse: {sent}")
exact = number(r"\n +1 +([0-9.]+)", run(*pulse).stdout)
expect(abs(sent["pulses"][1]["fluence_out"] - exact) < 1e-5, f"pulse: {sent}")
expect(sent["t1"] is None and sent["units"]["width"] == "s", f"pulse: {sent}")
run(*pulse, "--csv", "-", "--json", code=2)

system = {"grid": 64, "pitch": "8um", "wavelength": "532nm", "layers": [
    {"layer": "plane", "radius": "0.1mm"}, {"layer": "lens", "f": "2cm"},
    {"layer": "space", "distance": "2cm"}, {"layer": "camera"}]}
with open(folder.name + "/system.json", "w") as file:
    json.dump(system, file)
text = run("simulate", "system.json", "--device", "c").stdout
seen = read("simulate", "system.json", "--device", "c")
expect(abs(number(r"peak +([0-9.]+)", text) / seen["cameras"][0]["peak"] - 1) < 1e-5, f"simulate: {seen}")
expect([x["kind"] for x in seen["layers"]] == ["plane", "lens", "space", "camera"], f"simulate: {seen}")
expect(seen["units"]["fwhm"] == "m" and seen["cameras"][0]["z"] == .02, f"simulate: {seen}")
scan = read("simulate", "system.json", "--device", "c", "--scan", "lens.f=1cm,2cm")
expect([c["lens.f"] for c in scan["cameras"]] == [.01, .02] and scan["units"]["lens.f"] == "m", f"scan: {scan}")
expect(scan["device"] == "c" and scan["precision"] == "f64", f"scan: {scan}")
for _ in range(2):  # what is there is of the device that has computed it
    kept = read("simulate", "system.json", "--device", "reference", "--scan", "lens.f=1cm,2cm", "--out", "scan")
    expect(kept["device"] == "reference", f"scan: {kept}")
run("simulate", "system.json", "--csv", "-", "--json", code=2)

run("pulse", "--device", "c", "--od", ".4", "--fsat", ".5", "--fluence", ".01:100:12:log", "--csv", "all.csv")
with open(folder.name + "/all.csv") as file, open(folder.name + "/measured.csv", "w") as out:
    for line in file.readlines()[1:]:
        words = line.split(",")
        print(float(words[0]) * .5, words[4], sep=",", file=out)
fitted = {p["name"]: p for p in read("pulse", "--fit", "measured.csv", "--fix", "f2")["parameters"]}
expect(abs(fitted["fsat"]["value"] - .5) < 1e-3 and fitted["fsat"]["unit"] == "J/m^2", f"pulse --fit: {fitted}")

listed = read("reproduce", "--list", "response", "--device", "c")["results"]
expect([r["name"] for r in listed] == ["response"] and listed[0]["seconds"] is not None, f"reproduce: {listed}")

tested = read("selftest", "--device", "c")
expect(tested["failed"] == 0 and tested["passed"] == sum(o["outcome"] == "ok" for o in tested["operations"]) > 50,
       f"selftest: {tested['passed']}")

# What fails prints nothing that looks like a result.
failed = run("eval", "nothing", "--json", code=1)
expect(failed.stdout == "" and "nothing" in failed.stderr, f"a failure: {failed}")
sys.exit(failures != 0)
