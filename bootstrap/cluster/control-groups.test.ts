import { expect, it } from "@jest/globals";
import { hierarchies } from "./control-groups.ts";

it("finds every hierarchy of version 1, and not the empty one of version 2 beside them", () => {
  const mounts = [
    "tmpfs /sys/fs/cgroup tmpfs rw 0 0",
    "cgroup /sys/fs/cgroup/cpu,cpuacct cgroup rw,nosuid,relatime,cpu,cpuacct 0 0",
    "cgroup /sys/fs/cgroup/systemd cgroup rw,relatime,xattr,name=systemd 0 0",
    "cgroup2 /sys/fs/cgroup/unified cgroup2 rw,nsdelegate 0 0",
    "",
  ].join("\n");
  expect(hierarchies(mounts)).toEqual([
    { path: "/sys/fs/cgroup/cpu,cpuacct", unified: false, options: "cpu,cpuacct" },
    { path: "/sys/fs/cgroup/systemd", unified: false, options: "none,name=systemd" },
  ]);
});

it("finds version 2 where it is alone", () => {
  const [only, ...others] = hierarchies(
    "cgroup2 /sys/fs/cgroup cgroup2 rw,nosuid,nsdelegate,memory_recursiveprot 0 0\n",
  );
  expect(only).toMatchObject({ path: "/sys/fs/cgroup", unified: true });
  expect(others).toEqual([]);
});
