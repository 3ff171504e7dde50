#!/usr/bin/env bash
# Tests one wheel with each version of Spark that it is for: python/matrix.sh [VERSION]...
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
[ $# -gt 0 ] || set -- 4.1.4 4.2.1 4.3.0
make -s wheel
failed=0
for version; do
    if python/test.sh --spark "$version" --wheel target/dist/etastar-*.whl > "target/python-$version.log" 2>&1; then
        result=passed
    else
        result=failed failed=1
    fi
    grep -E "^pyspark|^[0-9]+ (passed|failed)" "target/python-$version.log" || true
    echo "matrix spark=$version $result"
done
exit $failed
