#!/bin/sh
# Verifies a DeliverOps evidence pack with unzip, openssl and the tools of every POSIX system (sha256sum, cut, sort ...).
#
#   sh verify_pack.sh PACK.zip PUBLIC.pem
#
# PUBLIC.pem is the key whose fingerprint you were given on another way than this pack. A key inside a pack proves
# nothing. Prints OK and exits 0, or says what is wrong and exits 1.
set -u
LC_ALL=C
export LC_ALL
umask 077

fail() {
    echo "FAILED $1"
    exit 1
}

[ $# -eq 2 ] || { echo "usage: sh verify_pack.sh PACK.zip PUBLIC.pem" >&2; exit 2; }
pack=$1
key=$2
[ -r "$pack" ] || fail "there is no readable file $pack"
openssl pkey -pubin -in "$key" -noout 2>/dev/null || fail "$key is not a public key"
dir=$(mktemp -d) || exit 2
trap 'rm -rf "$dir"' EXIT
cp "$key" "$dir/key"
trap 'exit 2' HUP INT TERM

# 1. The last 115 bytes are a signature over every byte before them, in its one form.
size=$(($(wc -c <"$pack")))
[ "$size" -gt 115 ] || fail "the file is too short to be a pack"
tail -c 115 "$pack" >"$dir/trailer"
trailer=$(cat "$dir/trailer" | tr -d '\000')
case $trailer in
    "deliverops-pack-1 "*) ;;
    *) fail "the file does not end with a pack's signature" ;;
esac
encoded=${trailer#deliverops-pack-1 }
encoded=${encoded%%.*}
printf '%s' "$encoded" | openssl base64 -d -A >"$dir/pack.sig" 2>/dev/null
rebuilt=$(openssl base64 -A <"$dir/pack.sig")
while [ "${#rebuilt}" -lt 96 ]; do
    rebuilt=$rebuilt.
done
printf 'deliverops-pack-1 %s\n' "$rebuilt" | cmp -s - "$dir/trailer" ||
    fail "the pack's signature is not written in its one form"
head -c $((size - 115)) "$pack" | sha256sum | cut -c1-64 >"$dir/digest"
openssl dgst -sha256 -verify "$key" -signature "$dir/pack.sig" "$dir/digest" >/dev/null 2>&1 ||
    fail "the pack's signature does not fit the file"

# 2. Safe names, each once.
unzip -Z1 "$pack" >"$dir/names" 2>/dev/null || fail "the file cannot be read as a pack"
grep -qE '(^|/)\.\.(/|$)|^/|//|/$|\\|:|[^ -~]' "$dir/names" && fail "unsafe file name"
[ -z "$(sort "$dir/names" | uniq -d)" ] || fail "two files have the same name"
unzip -Zl "$pack" 2>/dev/null | grep -q '^l' && fail "not a plain file"
mkdir "$dir/x"
unzip -qq -o "$pack" -d "$dir/x" >/dev/null 2>&1
[ $? -le 1 ] || fail "the file is damaged"
cd "$dir/x" || exit 2
for needed in manifest.txt seal.txt seal.sig ledger.jsonl; do
    [ -f "$needed" ] || fail "$needed is missing"
done

# 3. The seal, made with the pinned key, over the manifest.
openssl dgst -sha256 -verify "$dir/key" -signature seal.sig seal.txt >/dev/null 2>&1 ||
    fail "the seal's signature does not fit the key"
[ "$(head -n 1 seal.txt)" = "deliverops-seal-1" ] || fail "seal.txt is not a seal"
fact() { sed -n "s/^$1 //p" seal.txt; }
[ "$(fact manifest)" = "$(sha256sum <manifest.txt | cut -c1-64)" ] || fail "the manifest is not the one that was sealed"

# 4. The list of files, both ways, and every digest.
cut -c67- manifest.txt | sort >"$dir/listed"
grep -vxE 'manifest\.txt|seal\.txt|seal\.sig' "$dir/names" | sort >"$dir/present"
cmp -s "$dir/listed" "$dir/present" || fail "the files are not those of the manifest"
[ "$(fact files)" -eq "$(($(wc -l <manifest.txt)))" ] || fail "the seal counts another number of files"
sha256sum --status -c manifest.txt || fail "a file was changed"

# 5. The ledger's chain: each line carries the digest of the line before it.
previous=$(printf '%064d' 0)
count=0
while IFS= read -r line; do
    count=$((count + 1))
    [ "$(printf '%s' "$line" | cut -c1-75)" = "{\"prev\":\"$previous\"," ] || fail "the ledger's chain breaks at line $count"
    previous=$(printf '%s\n' "$line" | sha256sum | cut -c1-64)
done <ledger.jsonl
[ "$count" = "$(fact ledger-count)" ] && [ "$previous" = "$(fact ledger-head)" ] ||
    fail "the ledger does not end where the seal says"

# 6. The signatures of each round. A line of a packet begins with the groups that it concerns; a signature is current
#    exactly when what concerns its group is in the packet that counts what it was in the packet that was signed.
part() { # folder, digest of the packet, group
    body=$1/packets/$2.jsonl
    if [ "$(head -c 7 "$body")" = '{"for":' ]; then
        grep -E "^[{]\"for\":\[([^]]*,)?\"(all|$3)\"[],]" "$body"
    else
        cat "$body"
    fi | sha256sum | cut -c1-64
}
for folder in 06_reviews/*/; do
    folder=${folder%/}
    [ -d "$folder/packets" ] || continue
    for body in "$folder"/packets/*; do
        [ "$folder/packets/$(sha256sum <"$body" | cut -c1-64).jsonl" = "$body" ] || fail "$body has another digest than its name"
        [ "$(head -c 7 "$body")" != '{"for":' ] || [ -z "$(tail -c 1 "$body")" ] || fail "$body does not end with a line"
    done
    list=$folder/standing.txt
    [ -f "$list" ] || fail "$list is missing"
    [ "$(head -n 1 "$list")" = "deliverops-standing-1" ] || fail "$list is no list of signatures"
    told() { sed -n "s/^$1 //p" "$list"; }
    decision=$(told decision)
    packet=$(told packet)
    if [ "$decision" = none ]; then
        grep -qx '  "decision": "",' "$folder/review.json" || fail "$list tells another decision than review.json"
    else
        grep -qx "  \"decision\": \"$decision\"," "$folder/review.json" || fail "$list tells another decision than review.json"
        grep -qx "  \"decision_digest\": \"$packet\"," "$folder/review.json" || fail "$list tells another packet than was decided on"
    fi
    [ -f "$folder/packets/$packet.jsonl" ] || fail "$list: there is no packet $packet"
    : >"$dir/standing"
    grep '^signature ' "$list" >"$dir/given"
    while read -r _word number person group shown signed state; do
        case $group in *[!A-Z0-9-]*) fail "$list: $group is no group" ;; esac
        [ -f "$folder/packets/$shown.jsonl" ] || fail "$list: there is no packet $shown"
        [ "$(part "$folder" "$shown" "$group")" = "$signed" ] || fail "$list: signature $number was not given on the part that it names"
        is=superseded
        [ "$(part "$folder" "$packet" "$group")" = "$signed" ] && is=current
        [ "$state" = "$is" ] || fail "$list: signature $number is not $state"
        [ "$is" = current ] && echo "$group $person" >>"$dir/standing"
    done <"$dir/given"
    case $decision in go | go_conditions) ;; *) continue ;; esac
    body=$folder/packets/$packet.jsonl
    grep -oE '[{]"group":"[A-Z0-9-]+","person":[{]"id":[0-9]+,"name":"([^"\\]|\\.)*"[}],("recused":true,)?"signs":true[}]' "$body" |
        sed 's/^{"group":"\([^"]*\)","person":{"id":\([0-9]*\),.*/\1 \2/' | sort -u >"$dir/asked"
    [ -s "$dir/asked" ] || fail "$list: a go without the current signature of everybody who signs"
    sort -u "$dir/standing" | comm -23 "$dir/asked" - | grep -q . && fail "$list: a go without the current signature of everybody who signs"
    [ "$(head -c 7 "$body")" = '{"for":' ] || continue
    covered=$(cut -d' ' -f1 "$dir/asked" | sort -u | tr '\n' '|')
    grep -qvE "^[{]\"for\":\[([^]]*,)?\"($covered"'all)"[],]' "$body" && fail "$list: a go on a line that no signature covers"
done

echo "OK $(fact project): $(($(wc -l <"$dir/names"))) files, ledger of $count entries, head $previous"
