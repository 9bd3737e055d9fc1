/** Stands for packages of Kafka's client that only registries of schemas need, which no service does. */
export default undefined;
