import type { Resources } from '../ports.ts';
import type { AwsConfig } from './aws.ts';
import { required, toFailure } from './aws-error.ts';
import { lazyClients, unlessMissing } from './clients.ts';

/** Objects of S3: that they are there, not what is in them. */
export function createObjects(config: AwsConfig): Pick<Resources, 'hasObject'> {
  const s3 = lazyClients(
    config,
    () => import('@aws-sdk/client-s3'),
    // A bucket's region is known to S3 alone; names with dots only work in the path.
    (sdk, own) => new sdk.S3Client({ ...own, followRegionRedirects: true, forcePathStyle: true }),
  );
  return {
    async hasObject(Bucket, Key) {
      const found = await unlessMissing(async () => {
        const { sdk, client } = await s3(config.region);
        // The right is GetObject; without ListBucket S3 says 403 for what is not there, too.
        const { ETag } = await client.send(new sdk.HeadObjectCommand({ Bucket, Key })).catch((thrown: unknown) => {
          throw toFailure('s3', 'GetObject and s3:ListBucket', thrown);
        });
        // A proxy answers anything with 200; S3 names what it has.
        required(ETag, 's3', 'HeadObject', 'ETag');
        return true;
      });
      return found ?? false;
    },
  };
}
