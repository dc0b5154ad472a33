import { createGetServerSideAuth, createUseAuth } from "aws-cognito-next";

import pems from "./pems.json";

// The two functions that need the pool's keys; everything else is the package's own.
export const getServerSideAuth = createGetServerSideAuth({ pems });
export const useAuth = createUseAuth({ pems });
export * from "aws-cognito-next";
