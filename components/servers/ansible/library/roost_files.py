#!/usr/bin/python
"""Writes all files of a machine in one step of Ansible, and removes those that are not described any more.

`copy` would need several round trips for each of some sixty files. Only what differs is written, in one step a file, after
the program that reads it has had nothing against it.
"""

import base64
import hashlib
import os
import pwd
import tempfile

from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = r"""
module: roost_files
short_description: Files with content, owner and mode
options:
  files:
    description: Files as they shall be. Folders that are missing are made, closed to others where the file is a person's.
    type: list
    elements: dict
    suboptions:
      path: { type: path, required: true }
      content_base64: { type: str, required: true, description: In base64, so that no template is seen in it. }
      mode: { type: str, default: "0644" }
      owner: { type: str, default: root }
      secret: { type: bool, default: false, description: Whether its content is left out of the difference. }
      validate: { type: list, elements: str, description: A command that gets a copy of the file as its last argument. }
  absent:
    description: Files that shall not be there.
    type: list
    elements: path
"""

RETURN = r"""
paths: { description: Files that were written or removed, type: list, elements: str }
diff: { description: A difference for each of them, type: list, elements: dict }
"""


def found(path):
    """Content, mode and owner's number of the file; nothing where there is none."""
    if not os.path.lexists(path):
        return None
    if os.path.islink(path) or not os.path.isfile(path):
        return ("(no file)\n", None, None)
    with open(path, "rb") as file:
        content = file.read().decode("utf-8", "replace")
    status = os.stat(path)
    return (content, status.st_mode & 0o7777, status.st_uid)


def number_of(owner):
    try:
        return pwd.getpwnam(owner).pw_uid
    except KeyError:
        # An account that this run would make: in check mode it is not there yet.
        return None


def text(content, mode, owner, secret):
    """What is compared: a mode that differs shows as a line, and nothing else does."""
    # Of a secret it is shown that it is another.
    shown = "# secret %s\n" % hashlib.sha256(content.encode("utf-8")).hexdigest()[:8] if secret else content
    return "%s# mode %s, owner %s\n" % (shown, "%04o" % mode if mode is not None else "none", owner)


def write(module, path, content, mode, owner, validate):
    folder = os.path.dirname(path)
    uid = pwd.getpwnam(owner).pw_uid
    gid = pwd.getpwnam(owner).pw_gid
    if not os.path.isdir(folder):
        os.makedirs(folder, 0o755 if owner == "root" else 0o700)
        os.chown(folder, uid, gid)
    handle, partial = tempfile.mkstemp(dir=folder, prefix=".roost-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content.encode("utf-8"))
        if validate:
            code, printed, errors = module.run_command(list(validate) + [partial])
            if code != 0:
                module.fail_json(msg="%s was not written: %s %s%s" % (path, validate[0], printed, errors))
        os.chown(partial, uid, gid)
        os.chmod(partial, mode)
        if os.path.isdir(path):
            module.fail_json(msg="%s is a folder; move it away, and run this again" % path)
        # Where SELinux is on, the file gets the label of its place.
        module.atomic_move(partial, path)
        os.chown(path, uid, gid)
        os.chmod(path, mode)
    finally:
        if os.path.exists(partial):
            os.unlink(partial)


def main():
    module = AnsibleModule(
        argument_spec={
            "files": {
                "type": "list",
                "elements": "dict",
                "default": [],
                "options": {
                    "path": {"type": "path", "required": True},
                    # Not to be logged on the machine: some are secret.
                    "content_base64": {"type": "str", "required": True, "no_log": True},
                    "mode": {"type": "str", "default": "0644"},
                    "owner": {"type": "str", "default": "root"},
                    "secret": {"type": "bool", "default": False},
                    "validate": {"type": "list", "elements": "str", "default": []},
                },
            },
            "absent": {"type": "list", "elements": "path", "default": []},
        },
        supports_check_mode=True,
    )
    paths = []
    diff = []

    for wanted in module.params["files"]:
        path, mode, owner = wanted["path"], int(wanted["mode"], 8), wanted["owner"]
        secret = wanted["secret"]
        content = base64.b64decode(wanted["content_base64"]).decode("utf-8")
        before = found(path)
        if before == (content, mode, number_of(owner)):
            continue
        if before is None:
            shown = ""
        else:
            uid = before[2]
            owned_rightly = uid is not None and uid == number_of(owner)
            shown = text(before[0], before[1], owner if owned_rightly else uid, secret)
        paths.append(path)
        after = text(content, mode, owner, secret)
        diff.append({"before_header": path, "after_header": path, "before": shown, "after": after})
        if not module.check_mode:
            write(module, path, content, mode, owner, wanted["validate"])

    for path in module.params["absent"]:
        before = found(path)
        if before is None:
            continue
        paths.append(path)
        diff.append({"before_header": path, "after_header": path, "before": before[0], "after": ""})
        if not module.check_mode:
            os.unlink(path)

    module.exit_json(changed=bool(paths), paths=paths, diff=diff)


if __name__ == "__main__":
    main()
