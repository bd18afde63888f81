# Sourced by ./tapedeck and ./mvnw: sets JAVA_HOME to a JDK of at least version 25, or says what to install and exits.
# Looks at JAVA_HOME, at the java on PATH, then into the folders where systems and version managers put JDKs.

jdk_needed=25

jdk_major() { # the major version of the JDK (not JRE) in folder $1, or 0
  [ -x "$1/bin/javac" ] || { echo 0; return; }
  if [ -r "$1/release" ]; then
    sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
  else
    "$1/bin/javac" -version 2>&1 | sed -n 's/^javac \([0-9]*\).*/\1/p'
  fi
}

find_jdk() {
  on_path=$(command -v javac 2>/dev/null) && on_path=$(readlink -f "$on_path") && on_path=${on_path%/bin/javac}
  for home in "${JAVA_HOME:-}" "${on_path:-}" \
    /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* /opt/*jdk* /usr/local/*jdk* \
    "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* "$HOME"/.asdf/installs/java/* "$HOME"/.local/share/mise/installs/java/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    [ -n "$home" ] && [ -d "$home" ] || continue
    major=$(jdk_major "$home")
    if [ "${major:-0}" -ge "$jdk_needed" ]; then
      JAVA_HOME=$home
      export JAVA_HOME
      return 0
    fi
  done
  cat >&2 <<TEXT
Tapedeck needs a JDK of version $jdk_needed or newer, and found none in JAVA_HOME, on PATH or in the usual folders.
Install one (Debian: Eclipse Temurin's package temurin-$jdk_needed-jdk, or openjdk-$jdk_needed-jdk-headless where there is one),
or unpack one anywhere and set JAVA_HOME to its folder.
TEXT
  return 1
}

find_jdk || exit 1
