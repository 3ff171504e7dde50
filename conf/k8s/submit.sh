#!/usr/bin/env bash
# Trains conf/digits.conf on Kubernetes: conf/k8s/submit.sh API_SERVER IMAGE CLAIM
#   API_SERVER  as of "kubectl cluster-info", such as https://10.0.0.1:6443
#   IMAGE       built from conf/k8s/Dockerfile, in a registry that the nodes can pull from
#   CLAIM       persistent volume claim that runs are written to
# Needs SPARK_HOME (a Spark 4.2.0 distribution) and a service account: kubectl create serviceaccount spark;
# kubectl create rolebinding spark --clusterrole=edit --serviceaccount=default:spark
set -euo pipefail

[ $# -eq 3 ] || { echo "error: found $# arguments, expected API_SERVER IMAGE CLAIM" >&2; exit 2; }
[ -x "${SPARK_HOME:-}/bin/spark-submit" ] || { echo "error: SPARK_HOME: found no bin/spark-submit there, expected a Spark distribution" >&2; exit 2; }
here="$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)"
native="-Dorg.bytedeco.javacpp.cachedir=/native"

exec "$SPARK_HOME/bin/spark-submit" \
    --master "k8s://$1" --deploy-mode cluster --name etastar-digits --class io.etastar.jobs.Train \
    --properties-file "$here/../spark-defaults.conf" \
    --driver-memory 2g --executor-memory 2g \
    --conf spark.executor.instances=2 --conf spark.executor.cores=1 \
    --conf spark.executor.memoryOverhead=1g --conf spark.driver.memoryOverhead=1g \
    --conf "spark.driver.extraJavaOptions=$native -Dlog4j2.configurationFile=file:///opt/etastar/log4j2.properties" \
    --conf "spark.executor.extraJavaOptions=$native" \
    --conf "spark.kubernetes.container.image=$2" \
    --conf spark.kubernetes.authenticate.driver.serviceAccountName=spark \
    --conf "spark.kubernetes.driver.podTemplateFile=$here/pod-template.yaml" \
    --conf "spark.kubernetes.executor.podTemplateFile=$here/pod-template.yaml" \
    --conf spark.kubernetes.driver.volumes.persistentVolumeClaim.runs.mount.path=/runs \
    --conf "spark.kubernetes.driver.volumes.persistentVolumeClaim.runs.options.claimName=$3" \
    local:///opt/etastar/etastar-all.jar /opt/etastar/digits.conf --output /runs/digits
