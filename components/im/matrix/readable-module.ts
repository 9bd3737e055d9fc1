/** Name of the module's file, among the scripts. */
export const readableModuleFile = "roost_readable.py";
/** What `modules` in Synapse's configuration calls it. */
export const readableModuleName = "roost_readable.Readable";

/**
 * A module of Synapse: no room becomes end-to-end encrypted, whatever a client asks for, so that the archive holds what people write. Rooms
 * that are encrypted already stay so.
 * @source https://element-hq.github.io/synapse/latest/modules/third_party_rules_callbacks.html#check_event_allowed
 */
export const readableModule = `from synapse.module_api.errors import Codes, SynapseError


class Readable:
    def __init__(self, config, api):
        api.register_third_party_rules_callbacks(check_event_allowed=self.check_event)

    @staticmethod
    def parse_config(config):
        return config

    async def check_event(self, event, state):
        if event.type == "m.room.encryption" and event.is_state():
            raise SynapseError(403, "Rooms are not encrypted here: what is written is archived", Codes.FORBIDDEN)
        return True, None
`;
