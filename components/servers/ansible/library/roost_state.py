#!/usr/bin/python
"""Compares something that runs with what it shall be, and mends it: for what is no file.

`look` prints a line for each thing that differs, and changes nothing. Only if it printed any, `mend` is run, and then
`look` again, which must print nothing.
"""

from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = r"""
module: roost_state
short_description: A state that is looked at and mended by commands
options:
  look: { type: str, required: true, description: Lines of bash that print what differs. }
  mend: { type: str, required: true, description: Lines of bash that make it right. }
"""

RETURN = r"""
differences: { description: What differed, type: list, elements: str }
"""

STRICT = "set -euo pipefail\nexport LC_ALL=C PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n"


def run(module, lines):
    code, printed, errors = module.run_command(["/bin/bash", "-c", STRICT + lines])
    if code != 0:
        module.fail_json(msg="exit code %d: %s%s" % (code, printed, errors))
    return [line for line in printed.splitlines() if line.strip()]


def main():
    module = AnsibleModule(
        argument_spec={"look": {"type": "str", "required": True}, "mend": {"type": "str", "required": True}},
        supports_check_mode=True,
    )
    differences = run(module, module.params["look"])
    if differences and not module.check_mode:
        run(module, module.params["mend"])
        left = run(module, module.params["look"])
        if left:
            module.fail_json(msg="still not as described: %s" % "; ".join(left), differences=left)
    shown = "".join("%s\n" % line for line in differences)
    module.exit_json(
        changed=bool(differences),
        differences=differences,
        diff={"before_header": "is", "after_header": "shall be", "before": shown, "after": ""},
    )


if __name__ == "__main__":
    main()
