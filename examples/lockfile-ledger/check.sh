# Checks that a package's recorded digest has the length that its algorithm gives, and appends one line to the ledger.
#   sh check.sh <ledger> <name> <version> <integrity>
ledger=$1 name=$2 version=$3 integrity=$4
algorithm=${integrity%%-*}
digest=${integrity#*-}
case "$algorithm:${#digest}" in
  sha512:88 | sha256:44 | sha1:28) verdict="$algorithm of the right length" ;;
  none:4) verdict="no digest" ;;
  *) verdict="suspicious digest" ;;
esac
printf '%s@%s\n' "$name" "$version" >> "$ledger"
printf '%s\n' "$verdict"
