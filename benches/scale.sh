#!/usr/bin/env bash
# The whole trial of `keben batch`: rate and memory at 100, 1,000 and 10,000 articles, scaling over
# workers, 100,000 records of JSON Lines, and a run over 2,000 varied articles with 1 in 100 broken
# that is killed twice, resumed and checked. Takes a quarter of an hour on 2 cores: benches/scale.sh
#
# KEBEN and CORPUS name the programs, STEPS picks from: sizes workers lines killed; SIZES and RECORDS
# are how many articles and records, KILL_AFTER is in seconds.
set -euo pipefail
cd "$(dirname "$0")/.."

keben=${KEBEN:-target/release/keben}
corpus=${CORPUS:-target/release/examples/corpus}
steps=${STEPS:-sizes workers lines killed}
if [[ -z ${KEBEN:-} ]]; then cargo build --release --quiet; fi
if [[ -z ${CORPUS:-} ]]; then cargo build --release --quiet --example corpus; fi
work=$(mktemp -d "${TMPDIR:-/tmp}/keben-scale.XXXX")
trap 'rm -rf "$work"' EXIT

fail() {
    printf 'FAILED: %s\n' "$1" >&2
    exit 1
}
measured() { # measured NAME COMMAND…: runs it, prints its summary, user time and peak of memory
    local name=$1
    shift
    /usr/bin/time -f '%U %S %M' -o "$work/time" "$@" >/dev/null 2>"$work/log" || true
    local summary user system memory
    summary=$(grep -o '[0-9]* inputs:.*' "$work/log" | tail -1)
    read -r user system memory < <(tail -1 "$work/time")
    printf '%-28s %s; cpu %s + %s s, %d MB\n' "$name" "$summary" "$user" "$system" $((memory / 1024))
}

printf 'load average %s, %s cores\n' "$(cut -d' ' -f1 /proc/loadavg)" "$(nproc)"
for step in $steps; do
    case $step in
    sizes)
        for count in ${SIZES:-100 1000 10000}; do
            "$corpus" "$work/in" "$count" varied >/dev/null
            measured "$count varied articles" "$keben" batch "$work/in" -o "$work/out"
            measured "  again, unchanged" "$keben" batch "$work/in" -o "$work/out"
            rm -rf "$work/in" "$work/out"
        done
        ;;
    workers)
        "$corpus" "$work/in" 300 even >/dev/null
        for jobs in 1 2 $(($(nproc) > 2 ? $(nproc) : 0)); do
            ((jobs > 0)) || continue
            measured "300 even, $jobs worker(s)" "$keben" batch "$work/in" -o "$work/out" --force --jobs "$jobs"
        done
        rm -rf "$work/in" "$work/out"
        ;;
    lines)
        "$corpus" "$work/in" 100000 jsonl
        for count in ${RECORDS:-1000 10000 100000}; do
            head -n "$count" "$work/in/all.jsonl" >"$work/some.jsonl"
            measured "$count records, EPUB" "$keben" batch "$work/some.jsonl" -o "$work/out" --to epub --force
            rm -rf "$work/out"
        done
        rm -rf "$work/in"
        ;;
    killed)
        "$corpus" "$work/in" 2000 varied 100
        for _ in 1 2; do
            "$keben" batch "$work/in" -o "$work/out" --report "$work/report.json" >/dev/null 2>&1 &
            sleep "${KILL_AFTER:-8}"
            kill -KILL $! 2>/dev/null || fail 'the run ended before it was killed: set KILL_AFTER'
            wait $! 2>/dev/null || true
            printf 'killed after %s s: %s PDFs, %s EPUBs\n' "${KILL_AFTER:-8}" \
                "$(find "$work/out" -name '*.pdf' | wc -l)" "$(find "$work/out" -name '*.epub' | wc -l)"
        done
        [[ ! -e $work/report.json ]] || fail 'a killed run left a report'
        measured '2,000 varied, resumed' "$keben" batch "$work/in" -o "$work/out" --report "$work/report.json"
        measured '2,000 varied, one go' "$keben" batch "$work/in" -o "$work/whole" --report "$work/whole.json"
        diff -rq --exclude=.keben "$work/out" "$work/whole" || fail 'the resumed run made something else'
        python3 - "$work/report.json" <<'CHECK'
import json, os, sys
report = json.load(open(sys.argv[1]))
items, totals = report["items"], report["totals"]
assert [i["index"] for i in items] == list(range(2000)), "not every input, in order"
failed = [i for i in items if i["status"] == "failed"]
assert len(failed) == 20 == totals["failed"], totals
assert all(n % 100 == 99 for n in (i["index"] for i in failed))
assert totals["made"] + totals["unchanged"] == 1980 and totals["unchanged"] > 0, totals
assert all(os.path.isfile(o) for i in items for o in i["outputs"])
assert all(len(i["outputs"]) == 2 for i in items if i["status"] != "failed")
print("report right: 1,980 with both files, 20 failed:", ", ".join(sorted({i["error"]["code"] for i in failed})))
CHECK
        ;;
    esac
done
