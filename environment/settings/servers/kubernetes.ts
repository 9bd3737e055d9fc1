import { z } from "zod";
import { addressRanges } from "../names.ts";
import { oneOf, text, wholeNumber } from "../setting.ts";
import { address } from "./text.ts";

const port = wholeNumber({ min: 1, max: 65535, description: "Port of the API server.", example: 6443 }).default(6443);

const endpoint = z
  .discriminatedUnion("kind", [
    z
      .strictObject({
        kind: z.literal("node").meta({ description: "The address of the only control plane." }),
        port,
      })
      .meta({ description: "The only control plane itself." }),
    z
      .strictObject({
        kind: z.literal("kube-vip").meta({ description: "An address that moves to a control plane that is alive." }),
        address: address({
          description: "A free address in the network that carries the cluster's traffic.",
          example: "10.1.0.30",
        }),
        port,
      })
      .meta({ description: "An address that kube-vip moves." }),
    z
      .strictObject({
        kind: z.literal("load-balancer").meta({ description: "A load balancer of the operator's own." }),
        host: text(/^[a-z0-9][a-z0-9.:-]*$/, {
          description: "Its name or address.",
          allowed: "a host name or an address",
          example: "kubernetes.example.org",
        }),
        port,
      })
      .meta({ description: "The operator's own load balancer." }),
  ])
  .meta({ description: "How nodes reach the API server.", example: { kind: "kube-vip", address: "10.1.0.30" } });

export const kubernetes = z
  .strictObject({
    version: oneOf(["1.32", "1.33", "1.34"], { description: "Minor version.", example: "1.34" }).default("1.34"),
    endpoint: endpoint.prefault({ kind: "node" }),
    podCidrs: addressRanges(1, { description: "Addresses of pods.", example: ["10.244.0.0/16"] }).default([
      "10.244.0.0/16",
    ]),
    serviceCidrs: addressRanges(1, { description: "Addresses of Services.", example: ["10.96.0.0/12"] }).default([
      "10.96.0.0/12",
    ]),
    overlay: oneOf(["vxlan", "wireguard", "bgp"], {
      description: 'How pods of different nodes reach each other; "wireguard" encrypts it.',
      example: "wireguard",
    }).default("vxlan"),
  })
  .meta({ description: "The Kubernetes cluster that the machines become, by kubeadm." });
