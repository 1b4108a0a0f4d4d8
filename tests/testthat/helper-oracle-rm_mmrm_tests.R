# Degrees of freedom, small-sample adjustments and sandwich estimators for the naive mixed model of
# helper-oracle-rm_mmrm.R: n x n matrices, the equations of the papers as they stand. `fit` is from oracle_mmrm(),
# `l` is a contrast (vector) or several (rows of a matrix).

# ---- information on the covariance parameters -----------------------------------------------------------------------

# Covariance matrix of theta: inverse of the observed information (derivatives of the score, numerically) or of the
# expected one. PROC MIXED has the observed for DDFM=SATTERTHWAITE and DDFM=KENWARDROGER alike (see the SAS figures in
# inst/validation/sas_mmrm); Kenward and Roger (1997) write the expected. On complete us data they are the same.
oracle_theta_vcov <- function(fit, form = "natural", information = "observed") {
  theta <- oracle_theta_in(fit, form)
  if (information == "expected") {
    return(solve(oracle_score(theta, fit$problem, form, expected = TRUE)$information))
  }
  hessian <- oracle_jacobian(function(t) oracle_score(t, fit$problem, form), theta)
  solve(-(hessian + t(hessian)) / 2)
}

oracle_theta_in <- function(fit, form) {
  unlist(lapply(fit$sigma, oracle_theta, fit$problem$structure, form, fit$problem$gap))
}

# ---- Satterthwaite --------------------------------------------------------------------------------------------------

# One contrast (Giesbrecht and Burns 1985): 2 (l Phi l')^2 / (g' A g), g the gradient of l Phi l' in theta. Several:
# Fai and Cornelius (1996), as PROC MIXED does: eigenvectors of L Phi L', one df each, E the sum of df / (df - 2) over
# df > 2, 2 E / (E - q). `a` may be given to save time.
oracle_satterthwaite <- function(fit, l, a = oracle_theta_vcov(fit)) {
  l <- matrix(l, ncol = length(fit$beta))
  one <- function(row) {
    variance <- function(theta) {
      sum(row * (oracle_gls(oracle_v(theta, fit$problem), fit$problem)$vcov %*% row))
    }
    g <- as.vector(oracle_jacobian(variance, fit$theta))
    2 * sum(row * (fit$vcov %*% row))^2 / sum(g * (a %*% g))
  }
  q <- nrow(l)
  if (q == 1) {
    df <- one(l[1, ])
    se <- sqrt(sum(l * (l %*% fit$vcov)))
    t <- sum(l * fit$beta) / se
    return(list(estimate = sum(l * fit$beta), se = se, df = df, t = t, p = 2 * stats::pt(-abs(t), df)))
  }
  cover <- l %*% fit$vcov %*% t(l)
  e <- eigen(cover, TRUE)
  df <- apply(t(e$vectors) %*% l, 1, one)
  f <- sum((l %*% fit$beta) * solve(cover, l %*% fit$beta)) / q
  big <- sum(df[df > 2] / (df[df > 2] - 2))
  den <- if (diff(range(df)) < 1e-8 * max(df)) df[1] else if (big > q) 2 * big / (big - q) else 0
  list(f = f, df1 = q, df2 = den, p = stats::pf(f, q, den, lower.tail = FALSE), each = df)
}

# ---- Kenward and Roger ----------------------------------------------------------------------------------------------

# Kenward and Roger (1997), section 2: P_i, Q_ij, R_ij with dense n x n matrices. In their notation
# P_i = X' dV^-1/di X, Q_ij = X' dV^-1/di V dV^-1/dj X, R_ij = X' V^-1 d2V/didj V^-1 X.
# parametrisation: natural (what PROC MIXED prints, with R), linear (the same without R: DDFM=KR(FIRSTORDER)), cholesky
# (elements of the Cholesky factor, us only), mmrm (that package's form).
oracle_kenward_roger_parts <- function(fit, parametrisation = "natural", information = "observed") {
  form <- if (parametrisation == "linear") "natural" else parametrisation
  theta <- oracle_theta_in(fit, form)
  problem <- fit$problem
  v <- oracle_v(theta, problem, form)
  inverse <- solve(v)
  x <- problem$x
  dv <- oracle_dv(theta, problem, form)
  d_inverse <- lapply(dv, function(d) -inverse %*% d %*% inverse)
  k <- length(theta)
  p <- lapply(d_inverse, function(d) t(x) %*% d %*% x)
  q <- lapply(seq_len(k), function(i) {
    lapply(seq_len(k), function(j) t(x) %*% d_inverse[[i]] %*% v %*% d_inverse[[j]] %*% x)
  })
  r <- lapply(seq_len(k), function(i) {
    slopes <- function(t) oracle_slope(function(u) oracle_v(u, problem, form), t, i)
    lapply(seq_len(k), function(j) {
      if (parametrisation == "linear" || j < i) {
        return(matrix(0, ncol(x), ncol(x)))
      }
      t(x) %*% inverse %*% oracle_slope(slopes, theta, j) %*% inverse %*% x
    })
  })
  for (i in seq_len(k)) for (j in seq_len(i - 1)) r[[i]][[j]] <- r[[j]][[i]]
  list(p = p, q = q, r = r, w = oracle_theta_vcov(fit, form, information))
}

# The adjusted covariance (their equation for Phi_A) and F, scale and denominator df for the contrasts l.
oracle_kenward_roger <- function(fit, l, parametrisation = "natural", information = "observed",
                                 parts = oracle_kenward_roger_parts(fit, parametrisation, information)) {
  phi <- fit$vcov
  k <- length(parts$p)
  middle <- matrix(0, nrow(phi), ncol(phi))
  for (i in seq_len(k)) {
    for (j in seq_len(k)) {
      term <- parts$q[[i]][[j]] - parts$p[[i]] %*% phi %*% parts$p[[j]] - parts$r[[i]][[j]] / 4
      middle <- middle + parts$w[i, j] * term
    }
  }
  adjusted <- phi + 2 * phi %*% middle %*% phi
  l <- matrix(l, ncol = length(fit$beta))
  q <- nrow(l)
  theta <- t(l) %*% solve(l %*% phi %*% t(l)) %*% l
  tp <- lapply(parts$p, function(p) theta %*% phi %*% p %*% phi)
  a1 <- 0
  a2 <- 0
  for (i in seq_len(k)) {
    for (j in seq_len(k)) {
      a1 <- a1 + parts$w[i, j] * sum(diag(tp[[i]])) * sum(diag(tp[[j]]))
      a2 <- a2 + parts$w[i, j] * sum(tp[[i]] * t(tp[[j]]))
    }
  }
  b <- (a1 + 6 * a2) / (2 * q)
  g <- ((q + 1) * a1 - (q + 4) * a2) / ((q + 2) * a2)
  c <- c(g, q - g, q + 2 - g) / (3 * q + 2 * (1 - g))
  mean_f <- 1 / (1 - a2 / q)
  var_f <- 2 / q * (1 + c[1] * b) / ((1 - c[2] * b)^2 * (1 - c[3] * b))
  ratio <- var_f / (2 * mean_f^2)
  df <- 4 + (q + 2) / (q * ratio - 1)
  scale <- df / (mean_f * (df - 2))
  f <- scale * sum((l %*% fit$beta) * solve(l %*% adjusted %*% t(l), l %*% fit$beta)) / q
  se <- if (q == 1) sqrt(sum(l * (l %*% adjusted)))
  list(vcov = adjusted, df = df, scale = scale, f = f, df1 = q, se = se, p = stats::pf(f, q, df, lower.tail = FALSE))
}

# ---- between-within -------------------------------------------------------------------------------------------------

# PROC MIXED, DDFM=BETWITHIN (Schluchter and Elashoff 1990): the residual df n - rank(X) in a between part, patients -
# rank of the columns that vary within no patient, and the rest. An effect with a column that varies within a patient
# has the within part, the others the between part; with an unstructured matrix all have the between part
# (`exception = TRUE`, the SAS documentation; the mmrm package does not make it).
oracle_between_within <- function(fit, l, exception = TRUE) {
  x <- fit$problem$x
  varies <- apply(x, 2, function(column) any(tapply(column, fit$problem$id, function(z) max(z) - min(z)) > 1e-9))
  rank <- function(columns) if (ncol(columns)) qr(columns)$rank else 0
  between <- length(unique(fit$problem$id)) - rank(x[, !varies, drop = FALSE])
  within <- nrow(x) - rank(x) - between
  l <- matrix(l, ncol = ncol(x))
  if (fit$problem$structure == "us" && exception) {
    return(between)
  }
  if (any(abs(l[, varies]) > 0)) within else between
}

# ---- sandwich -------------------------------------------------------------------------------------------------------

oracle_power <- function(a, power) {
  e <- eigen((a + t(a)) / 2, TRUE)
  keep <- e$values > 1e-10 * max(e$values)
  e$vectors[, keep, drop = FALSE] %*% (e$values[keep]^power * t(e$vectors[, keep, drop = FALSE]))
}

# Adjustment of the residuals of the patient with the given rows. CR0 none (Liang and Zeger 1986); CR3 (I - H)^-1 (Bell
# and McCaffrey 2002); CR2 (Pustejovsky and Tipton 2018, equation 4): D' B^-1/2 D, D the upper Cholesky root of the
# working covariance, B = D (I - H) V (I - H)' D', which is D (V - X Phi X') D' with the model's own weights (so too in
# clubSandwich). CR2 is not unique: `root = "symmetric"` has V^1/2 (I - V^-1/2 X Phi X' V^-1/2)^-1/2 V^-1/2, the same
# for every root of V (mmrm, its vignette "empirical_wls"); it is as unbiased, and another number.
oracle_adjustment <- function(v, x, phi, type, root) {
  one <- diag(nrow(v))
  if (type == "CR0") {
    return(one)
  }
  hat <- x %*% phi %*% t(x)
  if (type == "CR3") {
    return(solve(one - hat %*% solve(v)))
  }
  if (root == "cholesky") {
    d <- chol(v)
    return(t(d) %*% oracle_power(d %*% (v - hat) %*% t(d), -0.5) %*% d)
  }
  w <- oracle_power(v, -0.5)
  solve(w) %*% oracle_power(one - w %*% hat %*% t(w), -0.5) %*% w
}

# Robust covariance of beta and, for one contrast l, the Satterthwaite df of Bell and McCaffrey under the working model
# (Pustejovsky and Tipton 2018, equation 12): (sum of the roots)^2 / sum of their squares of the matrix g_i' V g_j.
oracle_sandwich <- function(fit, type = "CR2", l = NULL, root = "cholesky") {
  problem <- fit$problem
  x <- problem$x
  v <- oracle_v(fit$theta, problem)
  inverse <- solve(v)
  phi <- fit$vcov
  residual <- problem$y - x %*% fit$beta
  hat_free <- diag(nrow(x)) - x %*% phi %*% t(x) %*% inverse
  patients <- unique(problem$id)
  meat <- matrix(0, ncol(x), ncol(x))
  g <- matrix(0, nrow(x), length(patients))
  for (i in seq_along(patients)) {
    rows <- which(problem$id == patients[i])
    a <- oracle_adjustment(v[rows, rows, drop = FALSE], x[rows, , drop = FALSE], phi, type, root)
    weight <- t(x[rows, , drop = FALSE]) %*% solve(v[rows, rows, drop = FALSE]) %*% a
    meat <- meat + weight %*% residual[rows] %*% t(residual[rows]) %*% t(weight)
    if (!is.null(l)) g[, i] <- t(hat_free[rows, , drop = FALSE]) %*% t(weight) %*% phi %*% l
  }
  vcov <- phi %*% meat %*% phi
  omega <- t(g) %*% v %*% g
  list(vcov = vcov, se = sqrt(diag(vcov)), df = if (!is.null(l)) sum(diag(omega))^2 / sum(omega^2),
    se_contrast = if (!is.null(l)) sqrt(sum(l * (vcov %*% l))))
}
