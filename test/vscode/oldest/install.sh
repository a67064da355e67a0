#!/usr/bin/env bash
# VS Code 1.100.3 out of code-server 4.100.3, on the machine's own Node 20 and its headers (nodedir=/usr).
set -euo pipefail
cd "$(dirname "$0")"
here=$PWD
want=$(sha256sum package.json package-lock.json install.sh | sha256sum | cut -d' ' -f1)
if [ "$(cat node_modules/.ready 2>/dev/null || true)" = "$want" ]; then echo "VS Code (min) for tests: already there"; exit 0; fi
npm ci --ignore-scripts --omit=dev --no-audit --no-fund --loglevel=error
cd node_modules/code-server/lib/vscode
npm install --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error
MAKEFLAGS=-j2 npm rebuild --nodedir=/usr --loglevel=error @vscode/spdlog native-watchdog
# @vscode/ripgrep's own postinstall downloads from GitHub: Debian's ripgrep stands in (search only)
if command -v rg >/dev/null; then mkdir -p node_modules/@vscode/ripgrep/bin && ln -sf "$(command -v rg)" node_modules/@vscode/ripgrep/bin/rg; fi
node out/server-main.js --version
echo "$want" > "$here/node_modules/.ready"
