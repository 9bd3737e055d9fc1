import { licenceObjections, licences } from "../licences.ts";
import { leastMediaGiB, leastSynapseMiB } from "../sizing.ts";
import { rangeProblems } from "./addresses.ts";
import { rule, when } from "./rule.ts";

export const imRules = [
  rule(["im", "users", "availability"], ({ im, users, availability }) => {
    if (im.engine === "matrix") return [];
    const objections = licenceObjections(im.engine, im.edition, { users, availability });
    const { product, source } = licences[im.engine];
    const because = [`${product} is not available yet`, ...objections].join("; ");
    return when(true, "im.engine", im.engine, `"matrix" (${because}; see ${source})`, 'write "matrix"');
  }),

  rule(["im", "users"], ({ im, users }) => {
    if (im.engine !== "matrix") return [];
    const { storageGiB, maxUploadMiB } = im.media;
    const leastMiB = leastSynapseMiB(users);
    const leastGiB = Math.max(leastMediaGiB(users), Math.ceil((4 * maxUploadMiB) / 1024));
    return [
      ...when(
        (im.memoryMiB ?? leastMiB) < leastMiB,
        "im.memoryMiB",
        im.memoryMiB,
        `at least ${leastMiB} for ${users} users`,
        `write ${leastMiB} or more, or leave it out`,
      ),
      ...when(
        (storageGiB ?? leastGiB) < leastGiB,
        "im.media.storageGiB",
        storageGiB,
        `at least ${leastGiB} for ${users} users and files of ${maxUploadMiB} MiB`,
        `write ${leastGiB} or more, or leave it out`,
      ),
    ];
  }),

  rule(["im"], ({ im }, circumstances) => {
    if (im.engine !== "matrix") return [];
    const { messagesPerSecond, messageBurst } = im.rateLimits;
    const blocked = im.urlPreviews.kind === "fenced" ? im.urlPreviews.blockedCidrs : [];
    return [
      ...rangeProblems("im.urlPreviews.blockedCidrs", blocked, circumstances),
      ...when(
        messageBurst < messagesPerSecond,
        "im.rateLimits.messageBurst",
        messageBurst,
        `at least messagesPerSecond, which is ${messagesPerSecond}`,
        `write ${Math.ceil(messagesPerSecond)} or more`,
      ),
    ];
  }),
];
