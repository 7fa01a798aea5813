# Sourced by the scripts that need a Debian package which may be missing.

# install_missing COMMAND:"PACKAGE..."...   installs the packages whose command is not there; needs root on Debian or Ubuntu.
install_missing() {
  local pair packages=()
  for pair in "$@"; do
    command -v "${pair%%:*}" >/dev/null || packages+=(${pair#*:}) # split: one command may need several
  done
  [ ${#packages[@]} -eq 0 ] && return 0
  if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    echo "missing: ${packages[*]}. Install them (on Debian: apt-get install ${packages[*]})." >&2
    return 1
  fi
  echo "installing ${packages[*]}"
  local log
  log=$(mktemp)
  if ! { apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends "${packages[@]}"; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    echo "apt-get could not install ${packages[*]}; its whole output is in $log" >&2
    return 1
  fi
  rm -f "$log"
}
