#!/bin/bash
# Fills a folder with .tools and node_modules, as ./workbook does in a checkout, and makes them the
# same each time: pnpm's own notes carry times and the path of its store.
set -euo pipefail
folder=$1
"$folder/workbook" --install-only
rm -f "$folder/node_modules/.modules.yaml" "$folder/node_modules/.pnpm-workspace-state"*.json
rm -f "$folder/workbook"
# npm's notes carry the name of the folder in which it worked, and that a process id.
rm -f "$folder"/.tools/pnpm-*/{package-lock.json,node_modules/.package-lock.json}
