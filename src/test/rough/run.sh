#!/usr/bin/env bash
# Counts the inputs as people have them that are right: tests tagged "rough", by the reports of the test run before it.
# Prints `rough rows=N right=N`; 1 if they differ. Part of `mvn verify`, whose -Dtest=... leaves rows out of the count.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../../.."
reports=target/surefire-reports

# Class and method of each row: the tag is the method's, or that of the whole class.
rows() {
    grep -rl '@Tag("rough")' src/test/java | LC_ALL=C sort | while read -r file; do
        class="${file#src/test/java/}"
        class="${class%.java}"
        awk -v class="${class//\//.}" '
            /@Tag\("rough"\)/ { tagged = 1 }
            /^(final |public )*class / { all = tagged; tagged = 0 }
            /@(Test|ParameterizedTest)/ { test = 1 }
            /^    (public |private |static )*void [A-Za-z0-9_]+\(/ {
                if (test && (tagged || all)) { sub(/\(.*/, ""); print class, $NF }
                tagged = 0; test = 0
            }' "$file"
    done
}

# right CLASS METHOD: whether the method ran and no case of it failed or was skipped.
right() {
    awk -v method="$2" '
        match($0, /<testcase name="[^"]*"/) {
            name = substr($0, RSTART + 16, RLENGTH - 17)
            sub(/[^A-Za-z0-9_].*/, "", name)
            mine = name == method
            ran = ran || mine
        }
        mine && /<(failure|error|skipped)/ { bad = 1 }
        END { exit !(ran && !bad) }' "$reports/TEST-$1.xml"
}

count=0 good=0
while read -r class method; do
    if [ ! -f "$reports/TEST-$class.xml" ] && [[ "${ROUGH_TESTS:-}" =~ ^[A-Za-z*] ]]; then continue; fi
    count=$((count + 1))
    if [ -f "$reports/TEST-$class.xml" ] && right "$class" "$method"; then
        good=$((good + 1))
    else
        echo "rough: $class.$method is not right" >&2
    fi
done < <(rows)
echo "rough rows=$count right=$good"
[ "$count" = "$good" ]
