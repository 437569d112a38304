#!/bin/sh
# Makes the namespace, or leaves the one that is there as it is. Ended workflows are kept for three days.
set -eu

tries=0
until temporal operator namespace describe --namespace default >/dev/null 2>&1 ||
  temporal operator namespace create --namespace default --retention 72h; do
  tries=$((tries + 1))
  [ "$tries" -lt 60 ] || exit 1
  sleep 2
done
