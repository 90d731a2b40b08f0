#!/bin/sh
# What bash, zsh and fish complete, each asked as a person would: a line, and a tab behind it.
. "$(dirname "$0")/expect.sh"
for shell in bash zsh fish; do
	expect 0 --print-completion $shell
	cp out "completion.$shell"
done
expect 2 --print-completion csh
mkdir programs 'runs of mine' && : >'my image.png' && : >'my field.npy'
ln -s "$onn" programs/onn

# Each option of each command stands in each, with its values.
for command in eval 'train d2nn' design reproduce; do
	expect 0 help $command
	for option in $(sed -n 's/^  --\([a-z0-9-]*\).*/\1/p' out); do
		grep -q "^	'$command '.*--$option[ ']" completion.bash || fail "bash: no $command --$option"
		sed -n "/^	'$command')/,/;;/p" completion.zsh | grep -q -e "'--$option[=[]" || fail "zsh: no $command --$option"
		grep -q "__onn_is $command' -l $option " completion.fish || fail "fish: no $command --$option"
	done
done

# What bash calls with the words that readline has cut, and what it would show.
bash_has() { # WORDS... : the last is to be completed; into out
	# shellcheck disable=SC2016
	bash -c '. ./completion.bash 2>/dev/null; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _onn 2>/dev/null
		printf "%s\n" "${COMPREPLY[@]}"' bash "$@" >out
	what="bash, completion of $*"
}
exactly() { [ "$(tr '\n' ' ' <out)" = "$1 " ] || fail "$what: '$1' expected, not '$(tr '\n' ' ' <out)'"; }
if command -v bash >/dev/null; then
	bash_has onn tr
	exactly train
	bash_has onn train ''
	exactly 'mlp cnn d2nn net'
	bash_has onn help train d
	exactly d2nn
	bash_has onn help sel
	exactly selftest
	bash_has onn train mlp --weight-n
	exactly '--weight-norm --weight-noise'
	bash_has onn train mlp --loss ''
	exactly 'mse nll'
	bash_has onn train mlp --loss = n
	exactly nll
	bash_has onn train mlp --dataset fas
	exactly fashion
	bash_has onn train d2nn --resume --o
	exactly '--optimizer --out'
	bash_has onn eval --epochs ''
	exactly ''
	bash_has programs/onn eval run --device opencl-
	exactly opencl-pure
	# A device of a number, whose name readline cuts at the colon.
	if "$onn" devices | grep -q '^opencl:0 '; then
		bash_has programs/onn eval run --device opencl : ''
		says 0
		grep -q : out && fail "$what: what stands there already is offered again: $(cat out)"
	fi
fi

# A bash on a terminal. What the line became is told by the function that stands for onn.
if command -v bash >/dev/null && command -v script >/dev/null; then
	cat >rc <<-'END'
		. ./completion.bash
		bind 'set enable-bracketed-paste off'
		onn() { printf '<%s>' "$@"; echo; }
	END
	sed -i "1s|^|cd '$folder'\n|" rc
	typed() { # TEXT: with tabs
		printf '%s\nexit\n' "$1" |
			TERM=dumb timeout 60 script -qec "bash --noprofile --rcfile $folder/rc -i" /dev/null 2>&1 | tr -d '\r' >out
		what="bash, typed '$1'"
	}
	typed 'onn train mlp --los	n	'
	says '<train><mlp><--loss><nll>'
	typed 'onn eval runs	'
	says '<eval><runs of mine/>'
	typed 'onn propagate my\ f	my\ i	'
	says '<propagate><my field.npy><my image.png>'
	typed 'onn train mlp --out "runs o	'
	says '<train><mlp><--out><runs of mine/>'
	typed 'onn design --target=my\ im	'
	says '<design><--target=my image.png>'
	typed 'onn train mlp --epochs 	'
	says '<train><mlp><--epochs>'
fi

# zsh on a terminal of its own.
if command -v zsh >/dev/null; then
	cat >typed.zsh <<-'END'
		zmodload zsh/zpty
		zpty z zsh -f -i
		zpty -w z 'autoload -Uz compinit; compinit -D -u; . ./completion.zsh; PS1=; unsetopt beep; onn() { print -r "<${(j:><:)@}>"; }'
		zpty -w z "$1"
		zpty -w z 'exit'
		while zpty -r z line; do print -rn -- "$line"; done
	END
	typed() {
		timeout 60 zsh -f typed.zsh "$1" 2>&1 | tr -d '\r' >out
		what="zsh, typed '$1'"
	}
	typed 'onn train mlp --los	nl	'
	says '<train><mlp><--loss=nll>'
	typed 'onn eval runs	'
	says '<eval><runs of mine>'
	typed 'onn self	--dev	ref	'
	says '<selftest><--device=reference>'
fi

if command -v fish >/dev/null; then
	typed() {
		HOME=$folder XDG_CONFIG_HOME=$folder/c XDG_DATA_HOME=$folder/d PATH=$folder/programs:$PATH \
			timeout 60 fish -N -c '. completion.fish; complete -C "$argv[1]"' "$1" >out 2>err
		what="fish, typed '$1'"
		silent
	}
	typed 'onn train mlp --los'
	says '--loss'
	typed 'onn train mlp --loss n'
	says nll
	grep -q mse out && fail "$what: $(cat out)"
	typed 'onn tra'
	says train
	typed 'onn train d'
	says d2nn
	typed 'onn eval run'
	says 'runs of mine'
	typed 'onn eval x --device ref'
	says reference
fi
finish
