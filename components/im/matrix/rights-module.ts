/** File of the module, beside the program that starts Synapse, which is where Python looks for it. */
export const rightsModuleFile = "roost_rights.py";
/** What `modules` in Synapse's configuration calls it. */
export const rightsModuleName = "roost_rights.Rights";

/**
 * A module of Synapse: only some accounts sign in with a password, and what a person may do follows from the type of the
 * account, which the synchronisation with the directory sets. Administrators and programs may do everything; an account
 * that has no type yet has the least rights that anybody has.
 *
 * It keeps nothing: Synapse's own cache of accounts makes its questions cheap, and a change of type counts at once.
 * @source https://element-hq.github.io/synapse/latest/modules/spam_checker_callbacks.html
 * @source https://element-hq.github.io/synapse/latest/modules/media_repository_callbacks.html
 */
export const rightsModule = `from synapse.module_api import NOT_SPAM
from synapse.module_api.errors import Codes, ConfigError

BYTES_PER_MIB = 1024 * 1024


class Rights:
    def __init__(self, config, api):
        self._api = api
        self._provider = config["provider"]
        self._password_users = frozenset(config["password_users"])
        self._types = config["user_types"]
        self._least = {
            "create_rooms": all(rights["create_rooms"] for rights in self._types.values()),
            "max_upload_mib": min(rights["max_upload_mib"] for rights in self._types.values()),
        }
        self._all = {"create_rooms": True, "max_upload_mib": config["max_upload_mib"]}
        api.register_spam_checker_callbacks(
            check_login_for_spam=self.check_login,
            user_may_create_room=self.may_create_room,
        )
        api.register_media_repository_callbacks(
            get_media_config_for_user=self.media_config,
            is_user_allowed_to_upload_media_of_size=self.may_upload,
        )

    @staticmethod
    def parse_config(config):
        """Refuses to start with rights that are not all there: nobody must have more of them by mistake."""
        missing = {"provider", "password_users", "user_types", "max_upload_mib"} - config.keys()
        if missing:
            raise ConfigError("roost_rights: not set: %s" % ", ".join(sorted(missing)))
        if not config["user_types"]:
            raise ConfigError("roost_rights: user_types is empty; there is one type at least")
        for name, rights in config["user_types"].items():
            size = rights.get("max_upload_mib")
            if not isinstance(rights.get("create_rooms"), bool) or isinstance(size, bool) or not isinstance(size, int):
                raise ConfigError("roost_rights: user type %s has no create_rooms and max_upload_mib" % name)
        return config

    async def check_login(self, user, device, device_name, requests, provider=None):
        if provider == self._provider or user in self._password_users:
            return NOT_SPAM
        return Codes.FORBIDDEN, {"error": "Sign in with your organisation's account: passwords are not taken here"}

    async def may_create_room(self, user):
        if (await self._rights_of(user))["create_rooms"]:
            return NOT_SPAM
        return Codes.FORBIDDEN, {"error": "Your groups do not allow you to create rooms"}

    async def may_upload(self, user, size):
        return size <= await self._largest(user)

    async def media_config(self, user):
        return {"m.upload.size": await self._largest(user)}

    async def _largest(self, user):
        return (await self._rights_of(user))["max_upload_mib"] * BYTES_PER_MIB

    async def _rights_of(self, user):
        if user in self._password_users:
            return self._all
        account = await self._api.get_userinfo_by_id(user)
        if account is None:
            return self._least
        if account.is_admin:
            return self._all
        return self._types.get(account.user_type, self._least)
`;
