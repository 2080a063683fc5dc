/** A print job at the gateway. */
export class ResourceIdResponse {
  /**
   * The id of the print job.
   * @example '2f6c1c52-5f0e-4f3b-9a55-4f3f5a8c0d11'
   */
  readonly id!: string;

  /**
   * The path of its status, at the gateway.
   * @example '/api/web/v1/printers/print/2f6c1c52-5f0e-4f3b-9a55-4f3f5a8c0d11'
   */
  readonly link!: string;
}

/** The vendor's answer to a print and to an update (issuance-api 5.46). */
export class PrintOperationResponse {
  readonly printStatus!: ResourceIdResponse;
}
