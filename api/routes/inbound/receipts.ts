import { genericReceiptBody, toReceipt } from '../../../channels/generic.js';
import { recordReceipt } from '../../../ledger/commands/record-receipt.js';
import type { Api, AppDeps } from '../../deps.js';
import { appParams } from '../../wire/common.js';
import { receiptResponse } from '../../wire/messages/inbound.js';

/** `POST …/receipts/generic`: what a gateway says became of a message. */
export function registerReceipts(app: Api, deps: AppDeps): void {
  app.post(
    '/v1/projects/:project_id/apps/:app_id/receipts/generic',
    {
      schema: {
        summary: 'Record a delivery receipt of any gateway',
        tags: ['Inbound'],
        params: appParams,
        body: genericReceiptBody,
        response: { 200: receiptResponse },
      },
    },
    async (request) => {
      const { project_id: projectId, app_id: appId } = request.params;
      const receipt = toReceipt(request.body);
      const actor = { type: 'provider', name: 'generic' } as const;
      const recorded = await recordReceipt(deps, { ...receipt, projectId, appId, actor });
      return { message_id: receipt.messageId, recorded };
    },
  );
}
