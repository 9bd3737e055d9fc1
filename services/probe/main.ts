import { jsonLog } from "../runtime/log.ts";
import { runProgram } from "../runtime/program.ts";
import { startServer } from "../runtime/server.ts";
import { readConfiguration } from "./configuration.ts";
import { EdgeAgent } from "./edge.ts";
import { createMetrics } from "./metrics.ts";
import { goRound } from "./rounds.ts";
import { SignIn } from "./sign-in.ts";
import { Talk } from "./talk.ts";

/** Time without a round after which something hangs. */
const STUCK_MS = 2 * 60_000;

runProgram("probe", async (configurationFile, stop) => {
  const configuration = readConfiguration(configurationFile);
  const { messageSeconds, signInSeconds, lateSeconds, timeoutSeconds, homeserver } = configuration;
  const log = jsonLog();
  const metrics = createMetrics();
  let step = performance.now();
  const alive = () => {
    step = performance.now();
  };
  const server = await startServer({
    ...configuration.server,
    registry: metrics.registry,
    isAlive: () => performance.now() - step < STUCK_MS,
  });
  const agent = new EdgeAgent(homeserver, true);
  const talk = new Talk(configuration, agent, log);
  const signIn = new SignIn(configuration);
  log.info("the probe begins", { messageSeconds, signInSeconds, timeoutSeconds, signIn: configuration.signIn.kind });
  void talk.listen(stop);
  const shared = { log, alive };
  await Promise.all([
    goRound(
      {
        ...shared,
        check: "messages",
        everySeconds: messageSeconds,
        attempt: () => talk.attempt(),
        count: (outcome) => metrics.message(outcome, lateSeconds),
      },
      stop,
    ),
    goRound(
      {
        ...shared,
        check: "sign-ins",
        everySeconds: signInSeconds,
        attempt: () => signIn.attempt(),
        count: (outcome) => metrics.signIn(outcome),
      },
      stop,
    ),
  ]);
  agent.destroy();
  server.close();
  server.closeAllConnections();
});
