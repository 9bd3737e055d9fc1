/** Brings an object store to what is declared, by S3 alone. Doing it again changes nothing. */
import { isDeepStrictEqual } from "node:util";
import { codeOf, type S3, type S3Request, type S3Response, textIn } from "../runtime/s3.ts";
import type { BucketPolicy, BucketSpecification, ObjectStoreSpecification } from "./specification.ts";

export interface Told {
  /** Something was changed. */
  changed(change: string): void;
  /** Something is there that nobody declared, and was left alone. */
  found(what: string): void;
}

/** @throws Error that says which bucket cannot be as it is declared, and why */
export async function reconcile(
  store: S3,
  { buckets, own, region }: ObjectStoreSpecification,
  told: Told,
): Promise<void> {
  for (const [bucket, wanted] of Object.entries(buckets)) {
    await makeBucket(store, bucket, wanted, region, told);
    await keepVersions(store, bucket, told);
    if (wanted.objectLock) await allowLocks(store, bucket, told);
    if (own) await decide(store, bucket, wanted.policy, told);
  }
  if (own) await closeOthers(store, buckets, told);
}

async function makeBucket(
  store: S3,
  bucket: string,
  { objectLock }: BucketSpecification,
  region: string,
  { changed }: Told,
): Promise<void> {
  const { status } = await store.send({ method: "HEAD", bucket });
  if (status === 200) return;
  // A name that is somebody else's is refused as one that is there.
  if (status !== 404)
    throw new Error(`bucket ${bucket} cannot be looked at (HTTP ${status}): is it another account's?`);
  const namespace = "http://s3.amazonaws.com/doc/2006-03-01/";
  // The one region whose name S3 does not want to hear.
  const elsewhere = region !== "us-east-1" && {
    body: `<CreateBucketConfiguration xmlns="${namespace}"><LocationConstraint>${region}</LocationConstraint></CreateBucketConfiguration>`,
  };
  const headers = objectLock ? { "x-amz-bucket-object-lock-enabled": "true" } : {};
  await accepted(store, `make bucket ${bucket}`, { method: "PUT", bucket, headers, ...elsewhere });
  changed(`made bucket ${bucket}`);
}

async function keepVersions(store: S3, bucket: string, { changed }: Told): Promise<void> {
  const query = { versioning: "" };
  const now = await accepted(store, `read whether bucket ${bucket} keeps versions`, { method: "GET", bucket, query });
  if (textIn(now.body.toString(), "Status") === "Enabled") return;
  const body = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>";
  await accepted(store, `keep versions in bucket ${bucket}`, { method: "PUT", bucket, query, body });
  changed(`bucket ${bucket} keeps versions`);
}

async function allowLocks(store: S3, bucket: string, { changed }: Told): Promise<void> {
  const query = { "object-lock": "" };
  const now = await store.send({ method: "GET", bucket, query });
  if (textIn(now.body.toString(), "ObjectLockEnabled") === "Enabled") return;
  const body = "<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled></ObjectLockConfiguration>";
  await accepted(store, `allow locks in bucket ${bucket}`, { method: "PUT", bucket, query, body });
  changed(`objects in bucket ${bucket} can be locked`);
}

/** A policy is all that lets anybody in but the store's own account. */
async function decide(store: S3, bucket: string, wanted: BucketPolicy | undefined, { changed }: Told): Promise<void> {
  const query = { policy: "" };
  const now = await store.send({ method: "GET", bucket, query });
  const has: unknown = now.status === 200 ? JSON.parse(now.body.toString()) : undefined;
  if (has === undefined && codeOf(now) !== "NoSuchBucketPolicy") throw refusal(`read the policy of ${bucket}`, now);
  if (isDeepStrictEqual(has, wanted)) return;
  if (wanted === undefined) {
    await accepted(store, `remove the policy of bucket ${bucket}`, { method: "DELETE", bucket, query });
    changed(`bucket ${bucket} is nobody's`);
    return;
  }
  const body = JSON.stringify(wanted);
  await accepted(store, `set the policy of bucket ${bucket}`, { method: "PUT", bucket, query, body });
  changed(`bucket ${bucket}: ${wanted.Statement.map(({ Sid, Principal }) => `${Sid} ${Principal.AWS}`).join("; ")}`);
}

/** What nobody declares is kept, but who could get at it no longer can. */
async function closeOthers(store: S3, declared: ObjectStoreSpecification["buckets"], told: Told): Promise<void> {
  const { body } = await accepted(store, "list buckets", { method: "GET" });
  const names = [...body.toString().matchAll(/<Bucket>.*?<Name>([^<]+)<\/Name>/gs)].map(([, name = ""]) => name);
  for (const name of names.filter((each) => declared[each] === undefined)) {
    await decide(store, name, undefined, told);
    told.found(`bucket ${name} is not declared, and was left with all that is in it`);
  }
}

async function accepted(store: S3, what: string, request: S3Request): Promise<S3Response> {
  const response = await store.send(request);
  if (response.status >= 300) throw refusal(what, response);
  return response;
}

function refusal(what: string, response: S3Response): Error {
  const message = textIn(response.body.toString(), "Message");
  return new Error(`the store refused to ${what}: ${codeOf(response)}${message === undefined ? "" : `, ${message}`}`);
}
