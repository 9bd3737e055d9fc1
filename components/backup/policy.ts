/** Pure: who may do what in a bucket, as S3 writes it. */
import type { BucketPolicy } from "../../services/object-store/specification.ts";
import type { BucketAccess } from "./store.ts";

const ofBucket: Readonly<Record<BucketAccess, readonly string[]>> = {
  read: [
    "s3:GetBucketLocation",
    "s3:GetBucketObjectLockConfiguration",
    "s3:GetBucketVersioning",
    "s3:ListBucket",
    "s3:ListBucketVersions",
  ],
  append: ["s3:ListBucketMultipartUploads"],
  manage: [],
};

const ofObjects: Readonly<Record<BucketAccess, readonly string[]>> = {
  read: ["s3:GetObject", "s3:GetObjectLegalHold", "s3:GetObjectRetention", "s3:GetObjectVersion"],
  // Whoever may set a retention can make it longer. Shorter takes `s3:BypassGovernanceRetention`, which nobody is given.
  append: ["s3:AbortMultipartUpload", "s3:ListMultipartUploadParts", "s3:PutObject", "s3:PutObjectRetention"],
  manage: ["s3:DeleteObject", "s3:DeleteObjectVersion", "s3:PutObjectLegalHold"],
};

/** Each includes those before it. */
const rising: readonly BucketAccess[] = ["read", "append", "manage"];

/** What a store is told of a bucket. Whoever is not named may do nothing. @param accounts access key ids, by what they may do */
export function bucketPolicy(bucket: string, accounts: ReadonlyMap<string, BucketAccess>): BucketPolicy | undefined {
  if (accounts.size === 0) return undefined;
  const arn = `arn:aws:s3:::${bucket}`;
  const Statement = rising.flatMap((access, at) => {
    const named = [...accounts].flatMap(([account, its]) => (its === access ? [account] : [])).sort();
    if (named.length === 0) return [];
    const included = rising.slice(0, at + 1);
    const allow = (Sid: string, actions: typeof ofBucket, resource: string) => ({
      ...{ Sid, Effect: "Allow" as const, Principal: { AWS: named } },
      Action: included.flatMap((each) => actions[each]),
      Resource: [resource],
    });
    return [allow(access, ofBucket, arn), allow(`${access}Objects`, ofObjects, `${arn}/*`)];
  });
  return { Version: "2012-10-17", Statement };
}

/** The wider of two rights: who has several connections to a bucket may do what the widest says. */
export function widest(one: BucketAccess | undefined, other: BucketAccess): BucketAccess {
  return one !== undefined && rising.indexOf(one) > rising.indexOf(other) ? one : other;
}
