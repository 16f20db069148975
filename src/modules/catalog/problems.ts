import { problemTypes } from '#platform/http/problem.ts';

export const problems = problemTypes({
  'draft-incomplete': { status: 422, title: 'This draft is not ready to be submitted' },
  'draft-too-deep': { status: 422, title: 'This is nested too deeply to be kept' },
  'template-unknown': { status: 422, title: 'There is no such template' },
  'draft-changed': { status: 409, title: 'The draft was changed while it was submitted; look at it and submit again' },
  'flow-changed': { status: 409, title: 'The flow was changed somewhere else in the meantime' },
  'no-draft': { status: 409, title: 'There is no draft; start a new version first' },
  'in-review': { status: 409, title: 'This product waits for review and cannot be changed until then' },
  'slug-taken': { status: 409, title: 'Another product already has this address' },
  'already-reviewed': { status: 409, title: 'This version was already reviewed' },
  'too-many-products': { status: 409, title: 'This organization has as many products as it may have' },
  'too-many-pictures': { status: 409, title: 'This organization has as many pictures as it may have' },
  'picture-too-large': { status: 413, title: 'A picture may have at most 5 MB' },
  'picture-not-readable': { status: 422, title: 'Only PNG, JPEG, WebP and GIF pictures can be used' },
  'plan-needs-contact': { status: 409, title: 'This plan has no price; ask the provider for an offer' },
  'no-questions': { status: 409, title: 'This version has no questions to be checked with' },
  'checks-running': { status: 409, title: 'The questions of this version are being asked' },
  'checks-used-up': { status: 409, title: 'The questions of this version were asked often enough' },
  'no-studio': { status: 409, title: 'This marketplace runs no Studio' },
  'studio-failed': { status: 502, title: 'Studio could not do this' },
  'own-product': { status: 403, title: 'You cannot review a product of your own organization' },
});
