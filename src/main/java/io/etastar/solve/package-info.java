/** Learning rates from a derivative summary: the cubic-regularised system eta = (H + lambda/2 |D eta| D^2)^-1 g. Pure Java. */
package io.etastar.solve;
