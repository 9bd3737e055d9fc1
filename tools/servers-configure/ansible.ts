/** Ansible, as it comes from the Python package index, with one inventory at a time. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PYTHON, pythonPackages } from "../../bootstrap/python.ts";
import { ANSIBLE_FOLDER, type Inventory } from "../../components/servers/ansible/index.ts";
import { type Recap, recapOf } from "./recap.ts";

export interface PlaybookOptions {
  /** Show what would change, and change nothing. */
  readonly check: boolean;
  /** Where its output goes, as it comes. */
  readonly print: (text: string) => void;
}

export interface PlaybookResult {
  readonly exitCode: number;
  readonly recap: Recap;
}

/** Runs the playbook over the machines of an inventory. */
export async function playbook(inventory: Inventory, { check, print }: PlaybookOptions): Promise<PlaybookResult> {
  const packages = await pythonPackages("ansible-core", join(import.meta.dirname, "ansible.lock"));
  // For its owner alone, and gone afterwards. Paths of sockets must be short.
  const folder = mkdtempSync(join(tmpdir(), "roost-ansible-"));
  try {
    writeFileSync(join(folder, "inventory.json"), JSON.stringify(inventory), { mode: 0o600 });
    const options = ["--inventory", join(folder, "inventory.json"), "--diff", ...(check ? ["--check"] : [])];
    const words = [join(packages, "bin/ansible-playbook"), ...options, join(ANSIBLE_FOLDER, "playbook.yaml")];
    const env = {
      ...withoutAnsible(process.env),
      PYTHONPATH: packages,
      PYTHONDONTWRITEBYTECODE: "1",
      LC_ALL: "C.UTF-8",
      ANSIBLE_CONFIG: join(ANSIBLE_FOLDER, "ansible.cfg"),
      ANSIBLE_HOME: folder,
      ANSIBLE_SSH_CONTROL_PATH_DIR: join(folder, "ssh"),
    };
    return await new Promise((resolve, reject) => {
      const child = spawn(PYTHON, words, { env, stdio: ["ignore", "pipe", "pipe"] });
      let output = "";
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding("utf8").on("data", (text: string) => {
          output += text;
          print(text);
        });
      child.on("error", reject);
      child.on("close", (code) => resolve({ exitCode: code ?? 1, recap: recapOf(output) }));
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What an operator has set for playbooks of their own must not change this one. */
function withoutAnsible(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith("ANSIBLE_")));
}
