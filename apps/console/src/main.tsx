import './platform/trusted-types.ts';
import './design/index.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { chooseTheme, chosenTheme } from './frame/theme.ts';
import { queries } from './platform/use-ask.ts';
import { router } from './routes.tsx';
import { preferred, speak } from './words/words.ts';

// A page that comes back from the browser's own store may be somebody else's by now.
window.addEventListener('pageshow', ({ persisted }) => {
  if (persisted) location.reload();
});
chooseTheme(chosenTheme());
await speak(preferred()).catch(() => undefined);

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
