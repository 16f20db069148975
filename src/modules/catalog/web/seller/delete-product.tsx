import { useCall } from '#web/api/use-endpoint.ts';
import { ConfirmDialog } from '#web/kit/confirm-dialog.tsx';
import { toast } from '#web/kit/toast.tsx';
import { providerEndpoints, type SellerProduct } from '../../contract.ts';
import { isOnlyDraft, nameOf } from './product-status.tsx';

/** Asks before a product goes: a draft is gone for good, a sold product is archived. */
export const DeleteProduct = ({ product, opened, onClose, onDeleted }: { product: SellerProduct; opened: boolean; onClose: () => void; onDeleted?: () => void }) => {
  const remove = useCall(providerEndpoints.deleteProduct, { invalidates: [providerEndpoints.listProducts] });
  const draft = isOnlyDraft(product);
  const name = nameOf(product);
  return (
    <ConfirmDialog
      opened={opened} onClose={onClose} danger title={draft ? 'Delete this draft?' : `Delete ${name}?`} confirm="Delete" typeToConfirm={draft ? undefined : name}
      onConfirm={async () => {
        await remove.mutateAsync({ params: { productId: product.id } });
        toast.success(`${name} was ${product.subscribers > 0 ? 'archived' : 'deleted'}`);
        onDeleted?.();
      }}
    >
      {draft ? `${name}, its flow and everything you entered will be gone. This cannot be undone.`
        : product.subscribers > 0 ? 'It leaves the marketplace and your list. Because it was sold it is archived: subscriptions that run go on.'
          : 'It leaves the marketplace. If it was ever sold it is archived and subscriptions go on; otherwise it is gone for good.'}
    </ConfirmDialog>
  );
};
