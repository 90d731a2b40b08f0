#!/bin/sh
# onn train net and onn show: lists of layers from files, what they come to, what is wrong with them.
. "$(dirname "$0")/expect.sh"

cat >hybrid.json <<'END'
{
  "loss": "nll",
  "layers": [
    {"layer": "encode", "grid": 24},
    {"layer": "plate"},
    {"layer": "space", "distance": 3.5e-3},
    {"layer": "plate", "levels": 16},
    {"layer": "space", "distance": 3.5e-3},
    {"layer": "detect", "regions": [4, 4], "reading": "fraction"},
    {"layer": "scale", "factor": 16},
    {"layer": "linear", "outputs": 10, "bias": true}
  ]
}
END
small='train net --network hybrid.json --device c --lr 0.03 --seed 5'

# What it comes to, before it is trained.
expect 0 show hybrid.json
silent
says '10 classes, f32'
says 'image   [8, 8]'
says '2  plate   light on 24 x 24 pixels of 400 um'
says '6  detect  [16]'
says 'regions=4,4 reading=fraction'
says '1322 weights; 6 of 8 layers carry light'
says 'a step of 64 images'
expect 0 show hybrid.json --json
says '"layer":	"encode"'
cp out list.json
expect 0 show list.json --json
same out list.json
if command -v gnuplot >/dev/null; then
	expect 0 show hybrid.json --plot strip.svg
	has . strip.svg
	for word in encode '>detect<' '24 x 24' '[16]'; do
		grep -qF -e "$word" strip.svg || fail "strip.svg lacks $word"
	done
fi

# What is finer than the pixels is told, by show and by train: a lens that is too strong, and one that is not.
for f in 8e-3 0.0522; do
	cat >lens.json <<END
{"layers": [
  {"layer": "encode", "grid": 512, "pitch": 8e-6, "wavelength": 633e-9},
  {"layer": "lens", "f": $f},
  {"layer": "space", "distance": 8e-3},
  {"layer": "detect"}
]}
END
	expect 0 show lens.json
	if [ "$f" = 8e-3 ]; then
		errs 'onn show: WARNING: the lens in layer 2 is sampled too coarsely: a lens of focal length 8 mm turns by'
		errs 'expected a pitch of at most 1.239 um, a focal length of at least 5.167 cm'
	else
		silent
	fi
done

# A run, whole, and resumed.
expect 0 $small --epochs 5 --out run
silent
says 'network of 8 layers: encode plate space plate space detect scale linear'
has run config.json metrics.csv best.npz last.npz confusion.csv
[ ! -e run/efficiency.csv ] || fail 'regions are no classes, and yet have an efficiency'
accuracy=$(sed -n 's/^report accuracy \([0-9]*\).*/\1/p' out)
[ "$accuracy" -ge 50 ] || fail "$what: report accuracy $accuracy %"
cp -r run finished
expect 0 $small --quiet --epochs 2 --out longer
expect 0 train net --quiet --out longer --resume --epochs 5
same longer/last.npz finished/last.npz
same longer/best.npz finished/best.npz
expect 0 show finished
says '1322 weights'
expect 0 eval finished --device c --misalign 1e-4 --slm-levels 8
says 'damaged copy 1'
expect 1 train d2nn --out run --resume
errs 'holds a run of onn train net'
sed 's/0.0035\|3.5e-3/3e-3/' hybrid.json >other.json
expect 1 train net --network other.json --out finished --resume --epochs 6
errs 'layer 3 (space): distance was 0.0035 and is 0.003'

# The list of a preset is one to begin with; it trains to the preset's numbers.
preset='train d2nn --device c --layers 1 --size 24 --distance 3.5e-3 --lr 0.05 --epochs 2 --quiet'
expect 0 $preset --out preset
expect 0 show preset --json
cp out preset.json
expect 0 train net --network preset.json --device c --lr 0.05 --epochs 2 --quiet --out copy
cut -d, -f 1-4 preset/metrics.csv >a
cut -d, -f 1-4 copy/metrics.csv >b
same a b
# Without light it is a perceptron by another name.
expect 0 train mlp --device c --hidden 8 --epochs 1 --quiet --out mlp
expect 0 show mlp --json
cp out mlp.json
expect 0 train net --network mlp.json --device c --epochs 1 --quiet --out mlp2
says 'report accuracy'
expect 0 show mlp
says '0 of 3 layers carry light'

# What is wrong, by layer and setting; nothing is left behind.
wrong() { # JSON TEXT
	printf '%s' "$1" >wrong.json
	expect 1 train net --network wrong.json --out never
	errs "$2"
	expect 1 show wrong.json
	errs "$2"
	[ ! -e never ] || fail "$what leaves a folder"
}
wrong '{' 'wrong.json: network: the text is not JSON'
wrong '{"layers": [{"layer": "plat"}]}' "there is no kind of layer 'plat'; expected one of flatten"
wrong '{"layers": [{"layer": "linear"}]}' 'layer 1 (linear): it gets [8, 8]; expected a list of numbers'
wrong '{"layers": [{"layer": "encode"}, {"layer": "linear"}]}' 'layer 2 (linear): it gets light on 200 x 200'
wrong '{"layers": [{"layer": "flatten"}]}' 'its 1 layers give [64]; expected [10]'
wrong '{"layers": [{"layer": "encode", "pitch": -1}]}' 'layer 1 (encode): pitch is -1; expected a length above 0 (in m, or as 8um)'
wrong '{"layers": [], "input": [28, 28]}' 'images of 8 x 8; expected the network'
expect 1 train net --network missing.json
errs 'missing.json'
expect 2 train net
errs '--network is missing; expected the name of a file'
expect 1 show missing
errs 'missing/config.json'
expect 2 show hybrid.json --plot strip.jpg
errs "--plot is 'strip.jpg'; expected a name that ends in .png, .svg or .pdf"

# The convolutional network of light that docs/networks.md trains.
expect 0 train net --network "$here/../../data/cnn-4f.json" --device c --epochs 8 --lr 3e-3 --out 4f
says 'conv4f absorber pool conv4f sheet camera flatten linear'
accuracy=$(sed -n 's/^report accuracy \([0-9]*\).*/\1/p' out)
[ "$accuracy" -ge 75 ] || fail "$what: report accuracy $accuracy %"
expect 0 eval 4f --device c
sound=$(sed -n 's/^accuracy \([0-9.]*\) .*/\1/p' out)
expect 0 eval 4f --device c --phase-noise 0,2 --copies 2
says "phase-noise 0: accuracy $sound +- 0.00 %"
wrong=$(sed -n 's/^phase-noise 2: accuracy \([0-9]*\).*/\1/p' out)
[ "$wrong" -lt 50 ] || fail "errors of a mask's phases do not matter: $wrong %"
finish
